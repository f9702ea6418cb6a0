export { runAgent } from './agent.js';
export { readConfiguration, type Configuration } from './configuration.js';
export { openLog } from './log.js';
export { agentProblems } from './problems.js';
