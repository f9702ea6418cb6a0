export { attachBubblewrap } from './bubblewrap/attached.js';
export { bubblewrapSandbox } from './bubblewrap/bubblewrap.js';
export { attachDocker, type AttachedOptions } from './docker/attached.js';
export { dockerSandbox, type DockerOptions } from './docker/docker.js';
export { findLocalImage, listLocalImages, type LocalImage } from './docker/local-images.js';
export { slurmSandbox, type SlurmOptions } from './slurm/slurm.js';
export { sandboxProblems } from './problems.js';
export { runTrusted, type TrustedCommand } from './trusted.js';
