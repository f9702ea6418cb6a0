import { expect, test } from 'vitest';
import { demultiplex } from './demultiplex.js';

function frame(stream: 1 | 2, text: string): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt8(stream, 0);
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
}

const sent = Buffer.concat([frame(1, 'one '), frame(2, 'wrong '), frame(1, ''), frame(1, 'two'), frame(2, 'worse')]);

test('both outputs come out whole however the stream is cut', () => {
  for (let size = 1; size <= sent.length; size++) {
    const seen = { stdout: '', stderr: '' };
    const take = demultiplex((chunk, stream) => (seen[stream] += chunk.toString()));
    for (let at = 0; at < sent.length; at += size) take(sent.subarray(at, at + size));
    expect(seen).toEqual({ stdout: 'one two', stderr: 'wrong worse' });
  }
});

test('output that was printed byte by byte is taken apart without copying the rest for each', () => {
  const pieces = Buffer.concat(Array.from({ length: 500_000 }, () => frame(1, 'x')));
  let bytes = 0;
  const before = process.cpuUsage();
  demultiplex((chunk) => (bytes += chunk.length))(pieces);
  expect(bytes).toBe(500_000);
  expect(process.cpuUsage(before).user / 1e6).toBeLessThan(3);
});

test('a long piece is passed on as it comes, not kept until it is whole', () => {
  let bytes = 0;
  const take = demultiplex((chunk) => (bytes += chunk.length));
  take(frame(1, 'x'.repeat(1000)).subarray(0, 508));
  expect(bytes).toBe(500);
});
