import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openOutputStore } from '@glovebox/execution';
import { afterAll, expect, it } from 'vitest';
import { placeOutputs } from './place-outputs.js';

const root = mkdtempSync(join(tmpdir(), 'glovebox-place-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

it('actions that end at the same time make the folders of their outputs together', async () => {
  const store = await openOutputStore(join(root, 'store'));
  const folder = mkdtempSync(join(root, 'study-'));
  const placing = Array.from({ length: 30 }, async (_, i) => {
    const file = join(root, `made-${i}`);
    writeFileSync(file, `${i}`);
    const { sha256, bytes } = await store.put(file);
    const output = { level: 'highly_sensitive', sha256, bytes, excluded: null } as const;
    const outputs = [{ ...output, path: `output/a/b/c/d/${i}.txt` }];
    return () => placeOutputs({ folder, store, outputs, previous: [], belongsToAnother: () => false });
  });
  const begin = await Promise.all(placing);
  expect(await Promise.all(begin.map((place) => place()))).toEqual(begin.map(() => []));
  const made = join(folder, 'output/a/b/c/d');
  expect(readdirSync(made)).toHaveLength(30);
  expect(readFileSync(join(made, '7.txt'), 'utf8')).toBe('7');
});
