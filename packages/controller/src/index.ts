export type { Cancellation } from './cancel.js';
export type { Changes } from './changes.js';
export type { ControllerContext } from './context.js';
export { type Controller, createController } from './controller.js';
export type { CreatedRequest, Submission } from './create-job-request.js';
export { controllerProblems, problem as controllerProblem } from './problems.js';
export type { Asked, StudyAtCommit } from './plan-request.js';
