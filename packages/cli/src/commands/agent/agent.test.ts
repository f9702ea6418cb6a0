import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { session } from '../../testing.js';

const job = 'abcdefghijklmnop';
const path = `data/outputs/jobs/${job}`;
const log = `${path}/log.txt`;
const ask = (...more: string[]) => ['agent', 'log', job, '--data', 'FOLDER/data', ...more];

test('a log is printed from its start, from an offset, or its last lines first', async () => {
  const { run } = session({ [log]: 'one\ntwo\nthree\n' });
  expect(await run(...ask())).toMatchObject({ exitCode: 0, out: 'one\ntwo\nthree\n' });
  expect(await run(...ask('--from', '4'))).toMatchObject({ out: 'two\nthree\n' });
  const tail = await run(...ask('--tail', '1'));
  expect(tail).toMatchObject({ out: 'three\n' });
  expect(tail.error).toContain('8 bytes come before this');
  expect(tail.error).toContain('--from 14');
});

test('a running log is followed until its job is complete', async () => {
  const { run, folder } = session({ [log]: 'one\n' });
  const shown = run(...ask('--follow'));
  appendFileSync(join(folder, log), 'two\n');
  writeFileSync(join(folder, path, 'manifest.json'), '{}');
  expect(await shown).toMatchObject({ exitCode: 0, out: 'one\ntwo\n' });
});

test('what an action printed to steer a terminal is taken out', async () => {
  const { run } = session({ [log]: '\u001B]0;title\u0007red \u001B[31m\r\n\ttab\n' });
  expect((await run(...ask())).out).toBe(']0;titlered [31m\n\ttab\n');
});

test('a job that is not here, another folder and unclear words are refused', async () => {
  const { run } = session({ [log]: '' });
  expect((await run('agent', 'log', 'aaaaaaaaaaaaaaaa', '--data', 'FOLDER/data')).error).toContain('There is no log');
  expect((await run('agent', 'log', '../../../x', '--data', 'FOLDER/data')).error).toContain('There is no log');
  expect((await run('agent', 'log', job, '--data', 'FOLDER/other')).error).toContain('not the data folder');
  expect(await run(...ask('--from', '1', '--tail', '1'))).toMatchObject({ exitCode: 1 });
  expect(await run(...ask('--from', '-1'))).toMatchObject({ exitCode: 2 });
});
