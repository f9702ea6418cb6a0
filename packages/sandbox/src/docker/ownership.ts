// Who a command is inside a container, and how it comes to own the folders that it is to write.
//
// There is no user namespace between a container and the host, so the user inside is a user of the host: the agent's own
// where that is an ordinary one. An agent that is root gives the folders away instead, since a command must not be root.
import { lchown, lstat, readdir } from 'node:fs/promises';
import type { Mount } from '@glovebox/record';

const stranger = { uid: 10000, gid: 10000 };
const slash = Buffer.from('/');

export const insideUser = (): { readonly uid: number; readonly gid: number } => {
  const uid = process.getuid?.() ?? 0;
  return uid === 0 ? stranger : { uid, gid: process.getgid?.() ?? stranger.gid };
};

/** Gives each folder that is mounted for writing, and all that is in it, to the user inside; follows no link. */
export async function giveFolders(mounts: readonly Mount[]): Promise<void> {
  if (process.getuid?.() !== 0) return;
  for (const { from, access } of mounts) if (access === 'write') await give(Buffer.from(from));
}

async function give(path: Buffer): Promise<void> {
  await lchown(path, stranger.uid, stranger.gid);
  if (!(await lstat(path)).isDirectory()) return;
  for (const name of await readdir(path, { encoding: 'buffer' })) await give(Buffer.concat([path, slash, name]));
}
