export { reviewableFileTypes, suffixOf } from './output-pattern.js';
export type { Action, DeclaredOutputs, Pipeline } from './pipeline.js';
export { planJobs, type ActionHistory, type Plan, type PlannedJob } from './plan.js';
export { pipelineProblems } from './problems.js';
export { readPipeline, type ReadPipeline } from './read.js';
