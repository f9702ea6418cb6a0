import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
// @ts-expect-error -- a plain script without types
import { checkLayering } from './layering.mjs';

let root: string;
const check: (root: string) => Promise<{ files: number; violations: string[] }> = checkLayering;

function put(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
const manifest = (...dependencies: string[]): string =>
  JSON.stringify({ dependencies: Object.fromEntries(dependencies.map((name) => [name, '*'])) });

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'layering-'));
  put('packages/record/package.json', manifest());
  put('packages/record/src/index.ts', 'export const a = 1;\n');
  put('packages/site/package.json', manifest('@glovebox/record'));
  put('packages/site/src/index.ts', "import { a } from '@glovebox/record';\nexport const b = a;\n");
});
afterEach(() => rmSync(root, { recursive: true }));

it('accepts imports in the right direction', async () => {
  expect(await check(root)).toEqual({ files: 2, violations: [] });
});

it.each([
  [
    'a package that is not listed',
    'packages/record/src/x.ts',
    "import { z } from 'zod';\nconsole.log(z);\n",
    'does not list',
  ],
  [
    'a types-only import',
    'packages/record/src/x.ts',
    "import type { z } from 'zod';\nexport type A = typeof z;\n",
    'does not list',
  ],
  [
    'an inline types-only import',
    'packages/record/src/x.ts',
    "import { type z } from 'zod';\nexport type A = typeof z;\n",
    'does not list',
  ],
  ['a dynamic import', 'packages/record/src/x.ts', "export const a = await import('zod');\n", 'does not list'],
  ['a re-export', 'packages/record/src/x.ts', "export * from 'zod';\n", 'does not list'],
  ['a deep import', 'packages/site/src/x.ts', "export * from '@glovebox/record/src/secret.js';\n", 'only the index'],
  [
    'a relative path into another package',
    'packages/site/src/x.ts',
    "export * from '../../record/src/index.js';\n",
    'outside its package',
  ],
  ['a leaf', 'packages/record/src/x.ts', "export * from '@glovebox/site';\n", 'nothing may import a leaf'],
])('a planted violation is caught: %s', async (_, file, text, expected) => {
  put(file, text);
  expect((await check(root)).violations.join('\n')).toContain(expected);
});

it('catches a circle', async () => {
  put('packages/record/package.json', manifest('@glovebox/pipeline'));
  put('packages/record/src/index.ts', "export * from '@glovebox/pipeline';\n");
  put('packages/pipeline/package.json', manifest('@glovebox/record'));
  put('packages/pipeline/src/index.ts', "export * from '@glovebox/record';\n");
  expect((await check(root)).violations.join('\n')).toContain('pipeline -> record -> pipeline');
});
