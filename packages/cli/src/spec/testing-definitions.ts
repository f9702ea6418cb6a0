// The definitions of the cases of spec/, built by the Python front end in one process.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { SpecCase } from './cases.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** What the front end made of a case. */
export type Answer =
  | { readonly document: unknown }
  | { readonly text: string }
  | { readonly code: string; readonly message: string };

export function buildDefinitions(cases: readonly SpecCase[]): readonly Answer[] {
  const input = cases.map(({ tables, setup, expression }) => ({
    tables: [...tables.keys()],
    setup,
    expression: expression ?? null,
  }));
  const { stdout, stderr, status } = spawnSync('python3', [`${root}spec/build_definitions.py`], {
    encoding: 'utf8',
    input: JSON.stringify(input),
    maxBuffer: 1 << 28,
    env: {
      ...process.env,
      PYTHONPATH: `${root}packages/language/python:${root}spec`,
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONWARNINGS: 'error',
    },
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Answer[];
}
