// Holds a data folder for this process. The hold is a listening socket in Linux's abstract namespace, named after the
// folder: the kernel drops it when the process ends, however it ends, so no stale lock file can block the next start.
import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { createServer } from 'node:net';

/** Resolves to what lets the folder go again; rejects when another process holds it. */
export function holdFolder(folder: string): Promise<() => Promise<void>> {
  const name = createHash('sha256').update(realpathSync(folder)).digest('hex').slice(0, 32);
  const server = createServer((socket) => socket.destroy());
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new Error(`another process uses the data folder ${folder}`) : error);
    });
    server.listen(`\0glovebox-${name}`, () => {
      server.unref();
      resolve(
        () =>
          new Promise((done) => {
            server.close(() => done());
          }),
      );
    });
  });
}
