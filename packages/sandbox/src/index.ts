export { bubblewrapSandbox } from './bubblewrap/bubblewrap.js';
export { sandboxProblems } from './problems.js';
export { runTrusted, type TrustedCommand } from './trusted.js';
