// What can keep a study from running on this machine.
import { catalogue } from '@glovebox/record';

export const runProblems = {
  'no-project': (folder: string) => ({
    message: `There is no project.yaml in ${folder}.`,
    hint: 'Change to the folder of the study, or name it with --project-dir.',
  }),
  'action-failed': (action: string, what: string, log: string) => ({
    message: `Action \`${action}\` failed: ${what}`,
    hint: `Its log is in ${log}.`,
  }),
} as const;

export const problem = catalogue(runProblems);
