// A database for a test file: empty, migrated, in memory, ready in a fraction of a second. The first use on a machine makes
// an image and keeps it in the system's folder for temporary files, named after what the migrations say.
// With GLOVEBOX_TEST_POSTGRES set to the URL of a PostgreSQL server, the same tests run there, each in a new database.
import { createHash, randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTemporaryDatabase, migrations, openStore, type Store } from '@glovebox/store';

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
  const server = process.env['GLOVEBOX_TEST_POSTGRES'];
  return server ? onServer(server) : embedded();
}

async function onServer(server: string): Promise<Store> {
  const database = await createTemporaryDatabase(server);
  const store = await openStore({ url: database.url });
  return {
    ...store,
    close: async () => {
      await store.close();
      await database.drop();
    },
  };
}

async function embedded(): Promise<Store> {
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
