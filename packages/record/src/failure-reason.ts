// Why a job failed, beyond its code, in a closed set: a reason may cross to the public side because nothing of the action
// stands in it. Numbers that belong to one (a limit, an exit code) have columns of their own. Each says the next step.

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
  executor_lost: {
    message:
      'A node of the cluster, or the engine of containers, was lost each time that it ran this action, and it was not tried again.',
    hint: 'Request it again later; if it happens again, ask the team of the backend what was lost.',
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
  refused_by_policy: {
    message: 'The policy of the backend does not allow it.',
    hint: 'The log inside the secure environment names what was refused; keep paths inside the study and leave options of the backend out.',
  },
  not_offered: {
    message: 'This backend does not offer the image that the action names.',
    hint: 'Use an ehrql, r or python action instead.',
  },
  input_missing: {
    message: 'An output of an action that it needs is no longer on the backend.',
    hint: 'Request the needed action again, and this one with it.',
  },
  disk_full: { message: 'The disk of the backend is full.', hint: 'Request it again later; the team has been told.' },
  disk_unwritable: {
    message: 'The disk of the backend can not be written to.',
    hint: 'Request it again later; if it happens again, ask the team of the backend.',
  },
  outputs_too_large: {
    message: 'It wrote more files, or larger ones, than the backend keeps for one action.',
    hint: 'Write fewer and smaller files, or name fewer of them as outputs.',
  },
  arguments_wrong: {
    message: 'The ehrQL command was given arguments that it does not accept.',
    hint: 'Try the same command with glovebox ehrql.',
  },
  definition_wrong: {
    message: 'The ehrQL definition could not be evaluated.',
    hint: 'Run glovebox ehrql generate-dataset or generate-measures on dummy data to see the message.',
  },
  data_file_wrong: {
    message: 'A data file that the definition reads is not as it declares.',
    hint: 'Compare the columns and types of the file with those that the definition gives.',
  },
  permission_missing: {
    message: 'The definition uses data that the project has no permission for.',
    hint: 'Ask for the permission, or leave the table out.',
  },
  assurance_failed: {
    message: 'The assurance tests of the definition failed, so no data was extracted.',
    hint: 'Run glovebox ehrql assure to see the differences.',
  },
  query_too_complex: {
    message: 'The database could not plan the query, because it is too complex.',
    hint: 'Split the definition into several smaller ones.',
  },
  query_too_slow: {
    message: 'The query would take longer than the backend allows.',
    hint: 'Use fewer intervals or groups, or split the definition into several smaller ones.',
  },
  database_busy: { message: 'The database could not answer for the moment.', hint: 'Request it again later.' },
  database_importing: {
    message: 'New data is being brought into the database.',
    hint: 'Request it again in a few hours.',
  },
  database_problem: {
    message: 'The database answered with an error; the team has been told.',
    hint: 'Request it again later; if it happens again, ask the team of the backend.',
  },
} as const satisfies Readonly<Record<string, { message: string; hint?: string }>>;
export type FailureReason = keyof typeof failureReasons;

/**
 * Reasons that pass by themselves: after so many seconds a job that failed with one is tried again, until none are left. It
 * fails for good with the next.
 */
export const retriedAfterSeconds: Readonly<Partial<Record<FailureReason, readonly number[]>>> = {
  executor_lost: [10, 60, 300, 900],
  database_busy: [60, 300, 900],
  database_importing: [3600, 7200, 14_400],
};

/** What to use in place of an image that no backend here runs, by the image's name. */
export const insteadOf: Readonly<Record<string, string>> = {
  'stata-mp': 'Stata needs a licence and an image, which this backend does not have: use an r or python action.',
  jupyter: 'Keep the notebook for work on dummy data, and run its code as a script in a python action.',
  sqlrunner: 'Write the extraction as an ehrQL dataset definition and run it with ehrql:v1 generate-dataset.',
  cohortextractor:
    'Write the study definition in ehrQL and run it with ehrql:v1 generate-dataset or generate-measures.',
  databuilder: 'The same definition runs with ehrql:v1 in place of databuilder; import from ehrql in it.',
};
