import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { readPipeline } from '@glovebox/pipeline';
import { pipelineText } from '@glovebox/testkit';
import { beforeAll, expect, test, vi } from 'vitest';
import { readPipelineAside } from './read-pipeline.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

beforeAll(() => {
  execFileSync(process.execPath, [fileURLToPath(new URL('../../../script/build.mjs', import.meta.url))]);
});

const long = pipelineText(Array.from({ length: 2500 }, (_, i) => ({ name: `action_${i}` })));

test('a long pipeline is read as a short one is, while everything else goes on', async () => {
  let turns = 0;
  const timer = setInterval(() => (turns += 1), 1);
  const read = await readPipelineAside(long);
  clearInterval(timer);
  expect(read).toEqual(readPipeline(long, 'project.yaml'));
  // Read on this thread, it would have let no other turn come before it was done.
  expect(turns).toBeGreaterThan(5);
});

test('the same text is read once', async () => {
  const [first, second] = await Promise.all([readPipelineAside(long), readPipelineAside(long)]);
  expect(first).toBe(second);
});

test('what is wrong with a long pipeline is told with its lines', async () => {
  const { pipeline, problems } = await readPipelineAside(`${long}  last: 3\n`);
  expect(pipeline).toBeUndefined();
  expect(problems).toMatchObject([{ place: { path: 'project.yaml', line: 12_503 } }]);
});

test('several long ones are read one after the other, a broken one among them', async () => {
  const texts = [`${long}# a\n`, `${long}\tb`, `${long}# c\n`];
  const read = await Promise.all(texts.map(readPipelineAside));
  expect(read.map(({ pipeline }) => pipeline?.actions.length)).toEqual([2500, undefined, 2500]);
});
