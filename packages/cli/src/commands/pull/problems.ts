// What can keep images from being fetched.
import { catalogue } from '@glovebox/record';

export const pullProblems = {
  'docker-command-missing': () => ({
    message: "Docker's command `docker`, which fetches images, is not on this machine.",
    hint: 'Install Docker, or use the interpreters of this machine with --executor bubblewrap. `glovebox info` says which work.',
  }),
  'pull-failed': (image: string) => ({
    message: `${image} could not be fetched; Docker says why above.`,
    hint: 'Check the name, the connection, and that the engine runs: glovebox info',
  }),
} as const;

export const problem = catalogue(pullProblems);
