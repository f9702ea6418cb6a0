// What the documentation tells people to type is typed here, line by line, in a copy of the example study.
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'glovebox-docs-'));
const study = join(folder, 'winter-pressures');
cpSync(join(root, 'studies/winter-pressures'), study, {
  recursive: true,
  filter: (path) => !/winter-pressures\/(output|metadata)(\/|$)/.test(path),
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** The lines of a page's shell blocks that call the command line, comments taken off. */
const commandsOf = (page: string): string[] =>
  [...readFileSync(join(root, page), 'utf8').matchAll(/```sh\n(.*?)```/gs)]
    .flatMap(([, block = '']) => block.split('\n'))
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line.startsWith('./glovebox '));

describe.each(pages.map((page) => [page, commandsOf(page)] as const).filter(([, commands]) => commands.length > 0))(
  '%s',
  (_, commands) => {
    it.each(commands)(
      '%s',
      async (line) => {
        const [program = '', ...args] = line.replaceAll('studies/winter-pressures', study).split(' ');
        const { stdout } = await promisify(execFile)(program, args, { cwd: root });
        expect(stdout).not.toBe('');
      },
      180_000,
    );
  },
);

it.each(pages)('%s links only to files that exist', (page) => {
  const links = [...readFileSync(join(root, page), 'utf8').matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)].map(
    ([, path = '']) => path,
  );
  const broken = links.filter((path) => {
    try {
      readdirSync(join(root, page, '..', path));
      return false;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code !== 'ENOTDIR';
    }
  });
  expect(broken).toEqual([]);
});
