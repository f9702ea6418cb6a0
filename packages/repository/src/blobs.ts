// Reads many files of a repository through one git process, one after the other, holding one in memory at a time.
import type { Git } from './git.js';

/**
 * Gives the contents of blobs in the order asked for; undefined for one that the repository does not have.
 *
 * @param blobs names as git knows them (hexadecimal digests)
 */
export async function* readBlobs(git: Git, blobs: readonly string[]): AsyncGenerator<Buffer | undefined> {
  if (blobs.length === 0) return;
  const child = git.start(['cat-file', '--batch', '--buffer']);
  child.stdin.on('error', () => undefined).end(`${blobs.join('\n')}\n`);
  const reader = byteReader(child.stdout);
  try {
    for (const blob of blobs) {
      const header = (await reader.line()).split(' ');
      if (header[0] !== blob) throw new Error('git answered about another object');
      if (header[1] === 'missing') {
        yield undefined;
        continue;
      }
      const content = await reader.bytes(Number(header[2]));
      await reader.bytes(1);
      yield content;
    }
  } finally {
    child.kill('SIGKILL');
  }
}

function byteReader(stream: AsyncIterable<Buffer>) {
  const chunks = stream[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  async function more(): Promise<Buffer> {
    const next = await chunks.next();
    if (next.done) throw new Error('git ended before all objects were read');
    return next.value;
  }
  return {
    async line(): Promise<string> {
      let end = rest.indexOf(10);
      while (end < 0) {
        rest = Buffer.concat([rest, await more()]);
        end = rest.indexOf(10);
      }
      const text = rest.toString('utf8', 0, end);
      rest = rest.subarray(end + 1);
      return text;
    },
    async bytes(count: number): Promise<Buffer> {
      const parts = [rest];
      let held = rest.length;
      while (held < count) {
        const chunk = await more();
        parts.push(chunk);
        held += chunk.length;
      }
      const all = parts.length === 1 ? rest : Buffer.concat(parts, held);
      rest = all.subarray(count);
      return all.subarray(0, count);
    },
  };
}
