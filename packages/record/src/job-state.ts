// The life of a job. This table is the only place that says which code belongs to which state and what it means to a
// reader; `canFollow` is the transition rule, held by the controller in the transaction that writes the event.
//
// A job is created pending. It stays pending while it waits (for another job, for a free place, for the database, for a
// pause to end). When an agent leases its task it is running, and moves through preparing, executing and finalizing as
// the agent reports. It ends once, succeeded or failed, and never leaves that. A running job goes back to pending only when
// its lease ran out, and may then be leased again under a higher fence; after the fifth lost lease it fails (`agent_lost`).

export const jobStates = ['pending', 'running', 'succeeded', 'failed'] as const;
export type JobState = (typeof jobStates)[number];

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
  waiting_on_new_task: { state: 'pending', message: 'The agent stopped answering; the job starts again by itself.' },
  initiated: { state: 'running', message: 'Handed to the backend.' },
  preparing: { state: 'running', message: 'Preparing the code and the inputs.' },
  prepared: { state: 'running', message: 'Ready to run.' },
  executing: { state: 'running', message: 'Running.' },
  executed: { state: 'running', message: 'Has run; outputs are being collected.' },
  finalizing: { state: 'running', message: 'Collecting the outputs.' },
  finalized: { state: 'running', message: 'Outputs collected.' },
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
  cancelled_by_user: { state: 'failed', message: 'Cancelled.' },
  unmatched_patterns: {
    state: 'failed',
    message: 'The action ended without an error, but an output that project.yaml declares was not made.',
    hint: 'Compare the paths that the action writes with the outputs in project.yaml; the log inside the secure environment names near misses.',
  },
  internal_error: { state: 'failed', message: 'Something went wrong in Glovebox itself; the team has been told.' },
  job_error: { state: 'failed', message: 'The backend could not run the action.' },
  killed_by_admin: { state: 'failed', message: 'Stopped by an administrator.' },
  stale_codelists: {
    state: 'failed',
    message: 'The codelists are out of date.',
    hint: 'Run glovebox codelists update and commit the result.',
  },
} as const satisfies Readonly<Record<string, CodeMeaning>>;

export type StatusCode = keyof typeof statusCodes;

export const stateOf = (code: StatusCode): JobState => statusCodes[code].state;

export const isFinal = (state: JobState): boolean => state === 'succeeded' || state === 'failed';

/** Which states may follow which. */
export const transitions: Readonly<Record<JobState, readonly JobState[]>> = {
  pending: ['pending', 'running', 'failed'],
  running: ['running', 'pending', 'succeeded', 'failed'],
  succeeded: [],
  failed: [],
};

export const canFollow = (from: JobState, to: JobState): boolean => transitions[from].includes(to);

/** Why a job failed, beyond its code: a closed set, so that it may cross to the public side. */
export const failureReasons = {
  out_of_memory: {
    message: 'It used more memory than it may.',
    hint: 'Read only the columns and rows that are needed, or ask for a higher limit.',
  },
  timed_out: {
    message: 'It ran longer than it may.',
    hint: 'Split the work into several actions, or ask for a higher limit.',
  },
  killed: {
    message: 'It was stopped from outside by the system.',
    hint: 'Request it again; if it happens again, look for very high memory use.',
  },
  agent_lost: {
    message: 'The agent stopped answering each time that it ran this action, and it was not tried again.',
    hint: 'Request it again; if it happens again, ask the team of the backend what its agent met.',
  },
  could_not_start: { message: 'Its program could not be started.', hint: 'Check the command in project.yaml.' },
  image_missing: {
    message: 'The backend does not have the image that the action names.',
    hint: 'Use one of the images that the documentation lists.',
  },
  script_missing: {
    message: 'The script that the action names does not exist at this commit.',
    hint: 'Check the path in project.yaml and that the file is committed.',
  },
  commit_missing: {
    message: 'The commit does not exist in the repository.',
    hint: 'Push the commit, then request again.',
  },
  refused_by_policy: { message: 'The policy of the backend does not allow it.' },
  disk_full: { message: 'The disk of the backend is full.', hint: 'Request it again later; the team has been told.' },
  arguments_wrong: {
    message: 'The ehrQL command was given arguments that it does not accept.',
    hint: 'Try the same command with glovebox ehrql.',
  },
  definition_wrong: {
    message: 'The ehrQL definition could not be evaluated.',
    hint: 'Run glovebox ehrql generate-dataset or generate-measures on dummy data to see the message.',
  },
  data_file_wrong: { message: 'A data file that the definition reads is not as it declares.' },
  permission_missing: {
    message: 'The definition uses data that the project has no permission for.',
    hint: 'Ask for the permission, or leave the table out.',
  },
  assurance_failed: {
    message: 'The assurance tests of the definition failed, so no data was extracted.',
    hint: 'Run glovebox ehrql assure to see the differences.',
  },
  query_too_slow: { message: 'The measures would take longer than the backend allows.' },
  database_busy: { message: 'The database could not answer for the moment.', hint: 'Request it again later.' },
  database_problem: { message: 'The database answered with an error; the team has been told.' },
} as const satisfies Readonly<Record<string, { message: string; hint?: string }>>;
export type FailureReason = keyof typeof failureReasons;
