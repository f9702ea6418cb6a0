export { bubblewrapSandbox } from './bubblewrap/bubblewrap.js';
export { dockerSandbox, type DockerOptions } from './docker/docker.js';
export { sandboxProblems } from './problems.js';
export { runTrusted, type TrustedCommand } from './trusted.js';
