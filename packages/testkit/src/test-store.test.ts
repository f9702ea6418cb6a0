import { afterAll, expect, test } from 'vitest';
import { makeSetting } from './builders.js';
import { testStore } from './test-store.js';

const store = await testStore();
afterAll(() => store.close());

test('a test store is migrated and empty', async () => {
  expect(await store.db.selectFrom('job_requests').selectAll().execute()).toEqual([]);
});

test('a second store shares nothing with the first', async () => {
  const start = performance.now();
  const second = await testStore();
  await makeSetting(second, new Date());
  expect(await second.db.selectFrom('workspaces').select('id').execute()).toHaveLength(1);
  expect(await store.db.selectFrom('workspaces').select('id').execute()).toHaveLength(0);
  await second.close();
  console.info(`a test store, filled and closed: ${Math.round(performance.now() - start)} ms`);
});
