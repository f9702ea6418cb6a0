import { expect, test } from 'vitest';
import { describeSchema } from './describe-schema.js';
import { openStore } from './open.js';

test('the committed schema.txt is what the migrations make', async () => {
  const store = await openStore({ image: null });
  await expect(await describeSchema(store.db)).toMatchFileSnapshot('../schema.txt');
  await store.close();
});
