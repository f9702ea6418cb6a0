// A database for a test file: empty, migrated, in memory, ready in a fraction of a second. The first use on a machine makes
// an image and keeps it in the system's folder for temporary files, named after what the migrations say.
import { createHash, randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrations, openStore, type Store } from '@glovebox/store';

// Bump when PGlite changes its file format.
const imageVersion = 'pglite-0.5.16';

async function readImage(file: string): Promise<Blob | null> {
  try {
    return new Blob([await readFile(file)]);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/** Close it in `afterAll`. */
export async function testStore(): Promise<Store> {
  const digest = createHash('sha256').update(imageVersion);
  for (const migration of migrations) digest.update(migration.digest);
  const file = join(tmpdir(), `glovebox-test-image-${digest.digest('hex').slice(0, 16)}.tar`);
  const image = await readImage(file);
  const store = await openStore({ image });
  if (!image && store.dump) {
    const temporary = `${file}.${randomBytes(6).toString('hex')}`;
    await writeFile(temporary, Buffer.from(await (await store.dump()).arrayBuffer()));
    await rename(temporary, file);
  }
  return store;
}
