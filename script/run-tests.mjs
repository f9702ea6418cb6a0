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

/** The unit, component and browser tests. */
function vitest() {
  const report = join(folder, 'vitest.json');
  const { status } = run('npx', [
    '--no-install',
    'vitest',
    'run',
    '--reporter=dot',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]);
  const result = readReport(report);
  passed += result.numPassedTests ?? 0;
  const found =
    (result.numFailedTests ?? 0) +
    (result.testResults ?? []).filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length;
  failed += found === 0 && status !== 0 ? 1 : found;
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
rmSync(folder, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
