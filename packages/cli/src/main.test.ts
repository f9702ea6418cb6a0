import { expect, it } from 'vitest';
import { groups } from './main.js';
import { systemProblem } from './system-problems.js';
import { session } from './testing.js';

it.each([
  ['EROFS', 'read-only'],
  ['EACCES', 'this user may not'],
  ['ENOSPC', 'the disk is full'],
])('%s is a problem that names the path and the next step', (code, words) => {
  const found = systemProblem(Object.assign(new Error(code), { code, path: '/study/metadata' }));
  expect(found?.message).toContain(`/study/metadata can't be read or written: `);
  expect(found?.message).toContain(words);
  expect(found?.hint?.length).toBeGreaterThan(20);
});

it('keeps the stack of every other error', () => {
  for (const error of [new Error('x'), new TypeError('x'), Object.assign(new Error('x'), { code: 'constructor' }), 1])
    expect(systemProblem(error)).toBeUndefined();
});

it('says what keeps a study from being written where no folder can be', async () => {
  const { exitCode, error } = await session({ file: '' }).run('init', 'FOLDER/file/study');
  expect(exitCode).toBe(1);
  expect(error).toMatch(/^.*file.* can't be read or written: a part of its path is not a folder\.\n {2}next: Check/);
});

it('says after every mistake in the words of a command how to see its help', async () => {
  const commands = Object.keys(groups).filter((name) => name !== 'ehrql');
  for (const name of commands) {
    const { exitCode, error } = await session().run(name, '--nonsense');
    expect(exitCode).toBe(2);
    expect(error).toMatch(new RegExp(`^error: .*\\n {2}next: glovebox ${name} --help\\n`));
  }
  expect((await session().run('codelists', 'add')).error).toContain('\n  next: glovebox codelists add --help\n');
});

it('names what does the same here for commands that people know from elsewhere', async () => {
  expect((await session().run('rstudio')).error).toContain('no command `rstudio`. Next: glovebox exec r:v2\n');
  expect((await session().run('rum')).error).toContain('Next: glovebox run\n');
});
