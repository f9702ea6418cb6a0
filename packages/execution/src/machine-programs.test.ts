import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openPrograms } from './machine-programs.js';

const root = mkdtempSync(join(tmpdir(), 'glovebox-programs-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test.each([
  ['/usr/bin/python3', /^pandas \d/m],
  ['/usr/bin/Rscript', /^ggplot2 \d/m],
])('%s is told by its version and a digest, whose list of packages is kept', async (program, line) => {
  const folder = mkdtempSync(join(root, 'lists-'));
  const identity = await openPrograms(folder).identify(program);
  expect(identity).toEqual({
    version: expect.stringMatching(/^\d+\.\d+/) as string,
    packages: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
  });
  expect(readdirSync(folder).sort()).toEqual([`${identity.packages}.txt`, 'programs.json'].sort());
  expect(readFileSync(join(folder, `${identity.packages}.txt`), 'utf8')).toMatch(line);
});

/** A Python that counts how often it was asked, and whose packages are in a folder of its own. */
function madeUpPython() {
  const folder = mkdtempSync(join(root, 'python-'));
  const packages = join(folder, 'packages');
  mkdirSync(packages);
  const program = join(folder, 'python3');
  const script = `#!/bin/sh
if [ "$1" = --version ]; then echo Python 3.11.2; exit; fi
echo asked >> ${folder}/asked
printf 'folder\\t%s\\n' ${packages}
ls ${packages} | sed 's/^/package\\t/'
`;
  writeFileSync(program, script);
  chmodSync(program, 0o755);
  const asked = () => readFileSync(join(folder, 'asked'), 'utf8').trim().split('\n').length;
  return { program, packages, asked };
}

test('a program is asked again only when it, or a folder of its packages, has changed', async () => {
  const { program, packages, asked } = madeUpPython();
  const programs = openPrograms(join(root, 'lists'));
  const [first, same] = await Promise.all([programs.identify(program), programs.identify(program)]);
  expect(same).toEqual(first);
  expect(await programs.identify(program)).toEqual(first);
  expect(asked()).toBe(1);
  mkdirSync(join(packages, 'numpy 2'));
  utimesSync(packages, 2e9, 2e9);
  const changed = await programs.identify(program);
  expect(changed.packages).not.toBe(first.packages);
  expect(asked()).toBe(2);
  utimesSync(program, 2e9, 2e9);
  expect(await programs.identify(program)).toEqual(changed);
  expect(asked()).toBe(3);
});

test('what a program said is kept from one start to the next, until it changes or what was kept is gone', async () => {
  const { program, packages, asked } = madeUpPython();
  const lists = join(root, 'kept');
  const start = () => openPrograms(lists).identify(program);
  const first = await start();
  expect(await start()).toEqual(first);
  expect(asked()).toBe(1);
  rmSync(join(lists, `${first.packages}.txt`));
  expect(await start()).toEqual(first);
  expect(asked()).toBe(2);
  expect(readdirSync(lists)).toContain(`${first.packages}.txt`);
  utimesSync(packages, 2e9, 2e9);
  await start();
  expect(asked()).toBe(3);
  for (const damaged of ['{', '[]', 'null', '{"x":null}', JSON.stringify({ [program]: { folders: 1 } })]) {
    writeFileSync(join(lists, 'programs.json'), damaged);
    expect(await start()).toEqual(first);
  }
  expect(asked()).toBe(8);
});

test('a program that does not answer is told without version and packages', async () => {
  expect(await openPrograms(join(root, 'none')).identify(join(root, 'no-such'))).toEqual({});
});
