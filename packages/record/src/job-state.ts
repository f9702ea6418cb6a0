// The life of a job: every status code, the state and the public words that it stands for, and the transition table, which
// says what may follow what and why. The controller holds the table in the transaction that writes the event, and the
// diagram in docs/reference/job-states.md is made from it.
//
// A job is created pending. It stays pending while it waits: for another job, for a free place, for the database, for a
// pause to end. When an agent leases its task it is running, and moves on as the agent reports; a report may be lost or
// overtaken, so phases may be skipped and never go back. A running job goes back to pending when its lease ran out or was
// handed back, when the database is maintained, or when the machine is to restart, and is then leased again under a higher
// fence. It ends once, succeeded or failed, and never leaves that.

export const jobStates = ['pending', 'running', 'succeeded', 'failed'] as const;
export type JobState = (typeof jobStates)[number];

/** The parts of a running job that the agent reports, in order. */
export const phases = ['preparing', 'prepared', 'executing', 'executed', 'finalizing', 'finalized'] as const;

interface CodeMeaning {
  readonly state: JobState;
  /** What a reader of the public page is told. Fixed text: nothing from an action gets in here. */
  readonly message: string;
  /** The next step for the researcher, where there is one. */
  readonly hint?: string;
}

/** Every status code, the state it implies and its public words. */
export const statusCodes = {
  created: { state: 'pending', message: 'Created.' },
  paused: { state: 'pending', message: 'The backend is paused; the job starts when the pause ends.' },
  waiting_db_maintenance: { state: 'pending', message: 'Waiting for database maintenance to finish.' },
  waiting_on_dependencies: { state: 'pending', message: 'Waiting for the actions that it needs.' },
  waiting_on_workers: { state: 'pending', message: 'Waiting for a free place to run.' },
  waiting_on_db_workers: { state: 'pending', message: 'Waiting for a free place to query the database.' },
  waiting_on_reboot: {
    state: 'pending',
    message: 'Waiting for the backend to restart; the job starts again by itself.',
  },
  waiting_on_new_task: {
    state: 'pending',
    message: 'The agent, what it ran on, or the database was not there to the end; the job starts again by itself.',
  },
  initiated: { state: 'running', message: 'Handed to the backend.' },
  preparing: { state: 'running', message: 'Preparing the code and the inputs.' },
  prepared: { state: 'running', message: 'Ready to run.' },
  executing: { state: 'running', message: 'Running.' },
  executed: { state: 'running', message: 'Has run; outputs are being collected.' },
  finalizing: { state: 'running', message: 'Collecting the outputs.' },
  finalized: { state: 'running', message: 'Outputs collected; the end is being reported.' },
  succeeded: { state: 'succeeded', message: 'Completed successfully.' },
  dependency_failed: {
    state: 'failed',
    message: 'Not started, because an action that it needs failed.',
    hint: 'Fix the action that failed first, then request this one again.',
  },
  nonzero_exit: {
    state: 'failed',
    message: 'The action ended with an error.',
    hint: 'Read the log of the action inside the secure environment, or run the action on dummy data with glovebox run.',
  },
  cancelled_by_user: { state: 'failed', message: 'Cancelled.', hint: 'Request it again to run it.' },
  unmatched_patterns: {
    state: 'failed',
    message: 'The action ended without an error, but an output that project.yaml declares was not made.',
    hint: 'Compare the paths that the action writes with the outputs in project.yaml; the log inside the secure environment names near misses.',
  },
  internal_error: {
    state: 'failed',
    message: 'Something went wrong in Glovebox itself; the team has been told.',
    hint: 'Request it again; if it happens again, tell the team the identifier of the job.',
  },
  job_error: {
    state: 'failed',
    message: 'The backend could not run the action.',
    hint: 'Read the log of the action inside the secure environment, or ask the team of the backend.',
  },
  killed_by_admin: {
    state: 'failed',
    message: 'Stopped by an administrator.',
    hint: 'Ask the team of the backend why, then request it again.',
  },
  stale_codelists: {
    state: 'failed',
    message: 'The codelists are out of date.',
    hint: 'Run glovebox codelists update and commit the result.',
  },
} as const satisfies Readonly<Record<string, CodeMeaning>>;

export type StatusCode = keyof typeof statusCodes;

export const stateOf = (code: StatusCode): JobState => statusCodes[code].state;

export const isFinal = (state: JobState): boolean => state === 'succeeded' || state === 'failed';

export interface Transition {
  /** Codes, or a state for each of its codes. */
  readonly from: readonly (StatusCode | JobState)[];
  readonly to: StatusCode;
  readonly because: string;
}

/** Everything that may happen to a job. */
export const transitions: readonly Transition[] = [
  {
    from: ['created', 'paused', 'waiting_db_maintenance'],
    to: 'waiting_on_dependencies',
    because: 'an action that it needs has not ended',
  },
  {
    from: ['created', 'waiting_on_dependencies', 'paused', 'waiting_on_reboot'],
    to: 'waiting_on_workers',
    because: 'all that it needs is there, and it queries no database',
  },
  {
    from: ['created', 'waiting_on_dependencies', 'paused', 'waiting_db_maintenance', 'waiting_on_reboot'],
    to: 'waiting_on_db_workers',
    because: 'all that it needs is there, and it queries the database',
  },
  {
    from: [
      'created',
      'waiting_on_dependencies',
      'waiting_on_workers',
      'waiting_on_db_workers',
      'waiting_db_maintenance',
      'waiting_on_new_task',
    ],
    to: 'paused',
    because: 'the backend is paused',
  },
  {
    from: [
      'created',
      'waiting_on_dependencies',
      'waiting_on_db_workers',
      'waiting_on_new_task',
      'paused',
      'waiting_on_reboot',
      'running',
    ],
    to: 'waiting_db_maintenance',
    because: 'the database is being maintained; what ran is stopped and starts again afterwards',
  },
  {
    from: ['running'],
    to: 'waiting_on_reboot',
    because: 'the machine of the backend is to restart; what ran is stopped',
  },
  {
    from: ['running'],
    to: 'waiting_on_new_task',
    because: 'the lease ran out, the agent handed it back, what ran it was lost, or the database was busy',
  },
  {
    from: ['waiting_on_workers', 'waiting_on_db_workers', 'waiting_on_new_task'],
    to: 'initiated',
    because: 'an agent with a free place leased it',
  },
  { from: ['initiated'], to: 'preparing', because: 'the agent says so' },
  { from: ['initiated', 'preparing'], to: 'prepared', because: 'the agent says so' },
  { from: ['initiated', 'preparing', 'prepared'], to: 'executing', because: 'the agent says so' },
  { from: ['initiated', 'preparing', 'prepared', 'executing'], to: 'executed', because: 'the agent says so' },
  {
    from: ['initiated', 'preparing', 'prepared', 'executing', 'executed'],
    to: 'finalizing',
    because: 'the agent says so',
  },
  {
    from: ['initiated', 'preparing', 'prepared', 'executing', 'executed', 'finalizing'],
    to: 'finalized',
    because: 'the agent says so, while its report is on the way',
  },
  { from: ['running'], to: 'succeeded', because: 'exit code 0, and every declared output was made' },
  {
    from: ['running'],
    to: 'nonzero_exit',
    because: 'the action ended with another exit code, or was stopped at a limit',
  },
  { from: ['running'], to: 'unmatched_patterns', because: 'exit code 0, but a declared output was not made' },
  {
    from: ['running'],
    to: 'job_error',
    because: 'the agent could not run it, or stopped answering each time that it tried',
  },
  { from: ['running'], to: 'internal_error', because: 'the agent met a fault of its own' },
  {
    from: ['waiting_on_dependencies', 'paused', 'waiting_db_maintenance'],
    to: 'dependency_failed',
    because: 'an action that it needs failed or was cancelled',
  },
  { from: ['pending', 'running'], to: 'cancelled_by_user', because: 'the requester or a member of staff cancelled it' },
  { from: ['pending', 'running'], to: 'killed_by_admin', because: 'a member of staff stopped it' },
];

/** Codes that are understood and never set: such a request is refused before it has jobs. */
export const unusedCodes: readonly StatusCode[] = ['stale_codelists'];

const allowed = new Set(
  transitions.flatMap(({ from, to }) =>
    (Object.keys(statusCodes) as StatusCode[])
      .filter((code) => from.includes(code) || from.includes(stateOf(code)))
      .map((code) => `${code}>${to}`),
  ),
);

export const canFollow = (from: StatusCode, to: StatusCode): boolean => allowed.has(`${from}>${to}`);
