// The guides that build something, done as their readers would: files are written, commands run in order, and what a guide says
// they print is looked for in what they print.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../../../../', import.meta.url));
const env = { ...process.env, PATH: `${root}:${process.env['PATH']}` };
/** Of blocks that begin with a comment that names their file; in some the comment can't stay. */
const files: Readonly<Record<string, 'whole' | 'below its first line'>> = {
  python: 'whole',
  yaml: 'whole',
  r: 'whole',
  csv: 'below its first line',
};

/** @returns how many pieces of output were found in what was printed. */
async function follow(guide: string, folder: string): Promise<number> {
  let printed = '';
  let found = 0;
  const blocks = readFileSync(join(root, 'docs/guides', guide), 'utf8').matchAll(/```(\w+)\n(.*?)```/gs);
  for (const [, kind = '', text = ''] of blocks) {
    if (kind === 'sh') {
      const { stdout } = await promisify(execFile)('/bin/sh', ['-euc', text], { cwd: folder, env });
      printed = stdout.replaceAll('\r\n', '\n');
    } else if (kind === 'text') {
      expect(printed).toContain(text);
      found += 1;
    } else {
      expect(files).toHaveProperty(kind);
      const [line, path = ''] = /^# (\S+)\n/.exec(text) ?? [];
      expect(path, text).not.toBe('');
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), files[kind] === 'whole' ? text : text.slice(line!.length));
    }
  }
  return found;
}

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'glovebox-guide-'));
  try {
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

it('every block of the guide to definitions works, from the first to the last', async () => {
  await inFolder(async (folder) => {
    expect(await follow('definitions.md', folder)).toBe(5);
    expect(readFileSync(join(folder, 'output/dataset.csv'), 'utf8').trimEnd().split('\n')).toHaveLength(11);
    expect(readFileSync(join(folder, 'look.html'), 'utf8')).toContain('how it came about');
    expect(readFileSync(join(folder, 'query.svg'), 'utf8')).toMatch(/^<svg /);
  });
}, 240_000);

it('the study in the guide to project.yaml runs as it stands there', async () => {
  await inFolder(async (folder) => {
    expect(await follow('pipelines.md', folder)).toBe(2);
    expect(readFileSync(join(folder, 'output/people.csv'), 'utf8')).toMatch(/^year,age_band,people\n2022,65-74,\d+\n/);
    expect(readFileSync(join(folder, 'metadata/people_2022.log'), 'utf8')).toContain('Validate results: All OK!');
    for (const name of ['falls/falls_by_sex.csv', 'falls.png', 'people_2023.csv.gz']) {
      expect(existsSync(join(folder, 'output', name)), name).toBe(true);
    }
  });
}, 240_000);
