// What can keep `glovebox agent` from showing anything.
import { catalogue } from '@glovebox/record';

export const agentCommandProblems = {
  'folder-not-of-agent': (folder: string) => ({
    message: `${folder} is not the data folder of an agent.`,
    hint: 'Name the one of its configuration with --data.',
  }),
  'job-not-here': (job: string) => ({
    message: `There is no log of a job ${job} here: it has not started, was stopped, or ran elsewhere.`,
    hint: "Copy the job's identifier from its page.",
  }),
  'log-range-unclear': () => ({
    message: '--from and --tail both say where to begin; one of them would be accepted.',
  }),
} as const;

export const problem = catalogue(agentCommandProblems);
