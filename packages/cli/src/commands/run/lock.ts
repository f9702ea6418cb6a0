// Lets one command at a time change a study's folder. The lock is a name in the kernel (an abstract socket), not a file: the
// kernel drops it when its process dies, however that dies, so there is never a stale one to judge.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { CommandFailure } from '../../command-line.js';
import { problem } from './problems.js';

/**
 * @returns a function that gives the folder back
 * @throws CommandFailure when another process has it
 */
export async function lockStudy(folder: string): Promise<() => Promise<void>> {
  const { dev, ino } = await stat(folder, { bigint: true });
  const name = createHash('sha256').update(`${dev}:${ino}`).digest('hex');
  const server = createServer((socket) => socket.destroy());
  server.listen(`\0glovebox-study-${name}`);
  try {
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new CommandFailure(1, [problem('already-running', [folder])]);
  }
  server.unref();
  return async () => {
    server.close();
    await once(server, 'close');
  };
}
