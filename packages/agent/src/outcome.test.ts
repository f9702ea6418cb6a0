import type { Manifest } from '@glovebox/execution';
import { CommandLost, newIdentifier } from '@glovebox/record';
import type { RunDefinition } from '@glovebox/wire';
import { expect, test } from 'vitest';
import { endingOf, faultEnding } from './outcome.js';

const manifest = (bytes: number): Manifest => ({
  version: 1,
  order: 1,
  salt: '0'.repeat(32),
  job: newIdentifier(),
  request: newIdentifier(),
  workspace: 'winter',
  action: 'make',
  commit: '0'.repeat(40),
  image: 'python:v2',
  args: [],
  inputs: {},
  runtime: null,
  dataRelease: null,
  outcome: { code: 'succeeded' },
  startedAt: '',
  completedAt: '',
  usage: null,
  outputs: [],
  patterns: [
    { level: 'highly_sensitive', name: 'table', pattern: 'a.csv', files: 1, bytes },
    { level: 'highly_sensitive', name: 'undeclared', pattern: 'b.csv', files: 1, bytes },
  ],
  nearMisses: ['secret'],
  refused: [],
});

const run = { outputs: { highly_sensitive: { table: 'a.csv' } } } as unknown as RunDefinition;

test('a size that spells an identifier is reported roughly, and a label that is not declared not at all', () => {
  expect(endingOf(manifest(9_434_765_919), 'd', run).outputs).toEqual([
    { level: 'highly_sensitive', name: 'table', files: 1, bytes: 9_400_000_000 },
  ]);
  expect(endingOf(manifest(0), 'd', run).outputs[0]?.bytes).toBe(0);
  expect(endingOf(manifest(7), 'd', run).outputs[0]?.bytes).toBe(7);
});

test('memory that spells something is reported in steps', () => {
  const usage = { wallMilliseconds: 5, cpuMilliseconds: null, peakMemoryBytes: 943_476_591, memoryLimitBytes: 4e9 };
  expect(endingOf({ ...manifest(0), usage }, 'd', run).usage).toEqual({
    wallMilliseconds: 5,
    peakMemoryMegabytes: 960,
    memoryLimitMegabytes: 4000,
  });
});

test('a fault of this side is told by what it was: lost, a disk, or something else', () => {
  expect(faultEnding(new CommandLost('x')).outcome).toEqual({ code: 'job_error', reason: 'executor_lost' });
  const full = Object.assign(new Error('x'), { code: 'ENOSPC' });
  expect(faultEnding(full).outcome).toEqual({ code: 'job_error', reason: 'disk_full' });
  expect(faultEnding(new Error('x')).outcome).toEqual({ code: 'internal_error' });
});
