import { expect, test } from 'vitest';
import { heartbeat, memoryInSteps, usage } from './wire.js';

test('memory is told in steps of 64 MB up to 1 GB, and of an eighth of the doubling beyond', () => {
  const told = [0, 1, 64e6, 64e6 + 1, 943e6, 1024e6, 1025e6, 4090e6, 100e9].map(memoryInSteps);
  expect(told).toEqual([0, 64, 64, 128, 960, 1024, 1152, 4096, 106_496]);
});

test('an exact number of megabytes does not cross', () => {
  const beat = { agent: 'aaaaaaaaaaaaaaaa', fence: 1, phase: 'executing' };
  for (const megabytes of [0, 960, 106_496]) {
    expect(heartbeat.safeParse({ ...beat, memoryMegabytes: megabytes }).success).toBe(true);
    expect(usage.safeParse({ wallMilliseconds: 1, peakMemoryMegabytes: megabytes }).success).toBe(true);
  }
  for (const megabytes of [943, 1088, 4090]) {
    expect(heartbeat.safeParse({ ...beat, memoryMegabytes: megabytes }).success).toBe(false);
    expect(usage.safeParse({ wallMilliseconds: 1, peakMemoryMegabytes: megabytes }).success).toBe(false);
  }
});
