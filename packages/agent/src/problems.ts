// What keeps an agent, or a job of it, from starting.
import { catalogue } from '@glovebox/record';

export const agentProblems = {
  'configuration-unreadable': (path: string) => ({
    message: `The configuration ${path} can't be read as JSON.`,
    hint: 'Start the agent with the path of its configuration file.',
  }),
  'configuration-wrong': (key: string, accepted: string) => ({
    message: `The configuration has no proper "${key}": ${accepted} would be accepted.`,
  }),
  'configuration-key-unknown': (key: string) => ({
    message: `The configuration has a key "${key}" that means nothing.`,
  }),
  'configuration-key-useless': (key: string) => ({
    message: `The configuration has a key "${key}" that means nothing with its executor.`,
    hint: '"runtimes" goes with "bubblewrap" and "slurm", "slurm" with "slurm"; "images" and "docker" go with "docker".',
  }),
  'token-unreadable': (path: string) => ({
    message: `The token of the backend can't be read from ${path}.`,
    hint: 'The site shows a token once, when the backend is added; put it into this file.',
  }),
  'licence-unreadable': (path: string) => ({
    message:
      path === '' ? 'Stata is configured without a licence.' : `The licence of Stata can't be read from ${path}.`,
    hint: 'Name the file with the licence as "stataLicenceFile", or leave stata-mp out of "runtimes" and "images".',
  }),
  'no-database': () => ({
    message: 'The command needs the database, which this backend or this job does not have.',
    hint: 'Name the database in the configuration of the agent.',
  }),
  'repository-not-of-workspace': (workspace: string, repository: string) => ({
    message: `The workspace ${workspace} belongs to the repository ${repository} on this backend; the job names another.`,
    hint: 'Make another workspace for another repository; or the operator of the backend names the new one under "workspaces".',
  }),
  'folder-in-use': (path: string) => ({
    message: `Another agent is working in ${path}.`,
    hint: 'Stop it first, or give this one a data folder of its own.',
  }),
};

export const problem = catalogue(agentProblems);
