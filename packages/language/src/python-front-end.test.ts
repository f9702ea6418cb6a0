// Runs the Python front end's own tests, and holds its documents against the reader here: both sides check the same rules
// of types and domains, so what one accepts the other must accept too.
import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { isCode } from './model/codes.js';
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

  test('holds codes to the same forms as the reader', () => {
    const codes = [
      'J45',
      'J45X9',
      'j45',
      'J4',
      'I40',
      'K401',
      'K4012',
      'H33..',
      'XE0YX',
      '....',
      '195967',
      '0195967',
      '1',
    ];
    codes.push(
      '1'.repeat(18),
      '1'.repeat(19),
      '0301011R0AAAAAA',
      '0301011R0AAAAA',
      '21010900106',
      '24010900106',
      'J45\n',
      '１95967',
    );
    const classes = ['SNOMEDCTCode', 'DMDCode', 'CTV3Code', 'ICD10Code', 'OPCS4Code', 'BNFCode'] as const;
    const script =
      'import json, sys; from ehrql import codes; cases = json.loads(sys.argv[1]); ' +
      'print(json.dumps([[getattr(codes, c).is_valid(text) for text in cases["codes"]] for c in cases["classes"]]))';
    const words = ['-c', script, JSON.stringify({ codes, classes })];
    const answer: unknown = JSON.parse(execFileSync('python3', words, { encoding: 'utf8', env: environment }));
    expect(classes.map((type) => codes.map((code) => isCode(type, code)))).toEqual(answer);
  });
});
