// Runs the Python front end's own tests, and holds its documents against the reader here: both sides check the same rules
// of types and domains, so what one accepts the other must accept too.
import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readDefinition } from './read/read-definition.js';

const python = fileURLToPath(new URL('../python/', import.meta.url));
const environment = { ...process.env, PYTHONPATH: python, PYTHONDONTWRITEBYTECODE: '1', PYTHONWARNINGS: 'error' };

describe('the Python front end', () => {
  test('passes its own tests', { timeout: 120_000 }, () => {
    const run = spawnSync('python3', ['-m', 'unittest', 'discover', '-s', python, '-t', python], {
      encoding: 'utf8',
      env: environment,
    });
    expect(run.stderr).toMatch(/^Ran [1-9]\d+ tests/m);
    expect(run.stderr).toMatch(/^OK$/m);
    expect(run.status, run.stderr).toBe(0);
  });

  test('gives documents that the reader accepts, for every kind of node and every table', { timeout: 60_000 }, () => {
    const script = fileURLToPath(new URL('../python/tests/every_node.py', import.meta.url));
    const lines = execFileSync('python3', [script], { encoding: 'utf8', env: environment }).trim().split('\n');
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) {
      const read = readDefinition(JSON.parse(line));
      expect(read.ok ? [] : read.problems).toEqual([]);
    }
  });
});
