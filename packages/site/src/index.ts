export { apiProblems } from './api/problems.js';
export { pageProblems } from './pages/index.js';
export { createServer } from './server.js';
