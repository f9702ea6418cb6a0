export { type ActionSketch, makeSetting, pipelineText, type Setting, type SettingOptions } from './builders.js';
export { startTestEngine, type TestEngine } from './docker-engine.js';
export { fakeClock, type FakeClock } from './fake-clock.js';
export { testStore } from './test-store.js';
export { startPostgres, type PostgresServer } from './postgres-server.js';
export { startUnreliableProxy, type Mishap, type UnreliableProxy } from './unreliable-proxy.js';
export { sqlParsers, type SyntaxErrors } from './sql-parsers.js';
export { strangersIn } from './sql-vocabulary.js';
export { startTestCluster, type TestCluster } from './slurm-cluster.js';
