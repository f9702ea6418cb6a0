export * from './api-wire.js';
export * from './wire.js';
