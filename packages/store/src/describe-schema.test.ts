import { expect, test } from 'vitest';
import { describeSchema } from './describe-schema.js';
import { openStore } from './open.js';
import { createTemporaryDatabase } from './temporary-database.js';

test('the committed schema.txt is what the migrations make', async () => {
  const store = await openStore({ image: null });
  await expect(await describeSchema(store.db)).toMatchFileSnapshot('../schema.txt');
  await store.close();
});

const server = process.env['GLOVEBOX_TEST_POSTGRES'];
test.runIf(server)('a PostgreSQL server gets the same schema, and a second opening changes nothing', async () => {
  const database = await createTemporaryDatabase(server ?? '');
  try {
    for (let opening = 0; opening < 2; opening += 1) {
      const store = await openStore({ url: database.url });
      await expect(await describeSchema(store.db)).toMatchFileSnapshot('../schema.txt');
      await store.close();
    }
  } finally {
    await database.drop();
  }
});
