export { bubblewrapSandbox } from './bubblewrap/bubblewrap.js';
export { dockerSandbox, type DockerOptions } from './docker/docker.js';
export { slurmSandbox, type SlurmOptions } from './slurm/slurm.js';
export { sandboxProblems } from './problems.js';
export { runTrusted, type TrustedCommand } from './trusted.js';
