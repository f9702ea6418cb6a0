export * from './model/nodes.js';
