export * from './api-wire.js';
export { readPattern } from './pattern.js';
export * from './wire.js';
