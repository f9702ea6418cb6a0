// docs/guides/definitions.md, done as its reader would: files are written, commands run in order, and what it says they
// print is looked for in what they print.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../../../../', import.meta.url));
const guide = readFileSync(join(root, 'docs/guides/definitions.md'), 'utf8');

it('every block of the guide works, from the first to the last', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'glovebox-guide-'));
  const env = { ...process.env, PATH: `${root}:${process.env['PATH']}` };
  let printed = '';
  let checked = 0;
  try {
    for (const [, kind, text = ''] of guide.matchAll(/```(\w+)\n(.*?)```/gs)) {
      if (kind === 'python' || kind === 'csv') {
        const [, path = ''] = /^# (\S+)\n/.exec(text) ?? [];
        expect(path, text).not.toBe('');
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), kind === 'csv' ? text.slice(text.indexOf('\n') + 1) : text);
      } else if (kind === 'sh') {
        const { stdout } = await promisify(execFile)('/bin/sh', ['-euc', text], { cwd: folder, env });
        printed = stdout.replaceAll('\r\n', '\n');
      } else {
        expect(kind).toBe('text');
        expect(printed).toContain(text);
        checked += 1;
      }
    }
    expect(checked).toBe(5);
    expect(readFileSync(join(folder, 'output/dataset.csv'), 'utf8').trimEnd().split('\n')).toHaveLength(11);
    expect(readFileSync(join(folder, 'look.html'), 'utf8')).toContain('how it came about');
    expect(readFileSync(join(folder, 'query.svg'), 'utf8')).toMatch(/^<svg /);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 240_000);
