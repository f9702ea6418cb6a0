export type { Action, DeclaredOutputs, Pipeline } from './pipeline.js';
export { readPipeline, type ReadPipeline } from './read.js';
export { planJobs, type ActionHistory, type PlannedJob, type Plan } from './plan.js';
