// Runs every check and every test, and ends with one line: `N passed, N failed`. A step of script/check counts as one test.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = mkdtempSync(join(tmpdir(), 'glovebox-tests-'));
let passed = 0;
let failed = 0;

const run = (program, args, options = {}) =>
  spawnSync(program, args, { cwd: root, stdio: 'inherit', env: { ...process.env, NO_COLOR: '1' }, ...options });

/** The static checks, a line each. */
function checks() {
  const { stdout } = run('script/check', [], { stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' });
  process.stdout.write(stdout);
  passed += stdout.match(/^ok {6}/gm)?.length ?? 0;
  failed += stdout.match(/^FAILED {2}/gm)?.length ?? (stdout === '' ? 1 : 0);
}

/** The unit, component and browser tests; or those below some paths, with more in their environment. */
function vitest(paths = [], environment = {}) {
  const report = join(folder, 'vitest.json');
  rmSync(report, { force: true });
  const { status } = run(
    'npx',
    ['--no-install', 'vitest', 'run', ...paths, '--reporter=dot', '--reporter=json', `--outputFile.json=${report}`],
    { env: { ...process.env, NO_COLOR: '1', ...environment } },
  );
  const result = readReport(report);
  passed += result.numPassedTests ?? 0;
  const found =
    (result.numFailedTests ?? 0) +
    (result.testResults ?? []).filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length;
  failed += found === 0 && status !== 0 ? 1 : found;
}

/** What keeps records, once more on a PostgreSQL server, where transactions truly meet. */
async function onPostgres() {
  const { startPostgres } = await import('../packages/testkit/dist/postgres-server.js');
  const server = await startPostgres();
  try {
    const paths = [
      'store/src/statements',
      'controller/src/at-once',
      'controller/src/leases',
      'controller/src/job-requests',
    ];
    vitest(
      paths.map((path) => `packages/${path}`),
      { GLOVEBOX_TEST_POSTGRES: server.url },
    );
  } finally {
    await server.stop();
  }
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {};
  }
}

checks();
run('node', ['script/build.mjs']);
vitest();
await onPostgres();
rmSync(folder, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
