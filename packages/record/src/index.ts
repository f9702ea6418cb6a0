export * from './clock.js';
export * from './identifier.js';
export * from './job-state.js';
export * from './privacy.js';
export * from './problem.js';
export * from './sandbox.js';
export * from './views.js';
export * from './wire.js';
