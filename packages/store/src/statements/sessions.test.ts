import { fakeClock, makeSetting, type Setting, testStore } from '@glovebox/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createToken, storedForm } from '../tokens.js';
import { renewPersonToken } from './add-person.js';
import { addSession } from './add-session.js';
import { endSession } from './end-session.js';
import { findPersonBySession } from './find-session.js';

const store = await testStore();
const { db } = store;
const clock = fakeClock();
afterAll(() => store.close());

let setting: Setting;
beforeAll(async () => {
  setting = await makeSetting(store, clock.now());
});

const hour = 3_600_000;
const begin = (token: string | null = null): Promise<string> => {
  const now = clock.now();
  const expiresAt = new Date(now.getTime() + hour);
  return db.transaction().execute((tx) => addSession(tx, { person: setting.person, token, now, expiresAt }));
};
const find = (session: string) => findPersonBySession(db, session, clock.now());

test('a session is its person until its time is over, and is then forgotten', async () => {
  const session = await begin();
  expect(await find(session)).toMatchObject({ username: setting.username, projects: [setting.project] });
  clock.advance(3600);
  expect(await find(session)).toBeUndefined();
  await begin();
  expect(await db.selectFrom('sessions').select('identifier').execute()).toHaveLength(1);
});

test('the database does not hold what the cookie holds', async () => {
  const session = await begin();
  const rows = JSON.stringify(await db.selectFrom('sessions').selectAll().execute());
  expect(rows).not.toContain(session.split('.')[1]);
});

test.each(['', 'nonsense', `aaaaaaaaaaaaaaaa.${'x'.repeat(43)}`])('%j is nobody’s session', async (session) => {
  expect(await find(session)).toBeUndefined();
  expect(await db.transaction().execute((tx) => endSession(tx, session, clock.now()))).toBe(false);
});

test('only who holds the secret can end it', async () => {
  const session = await begin();
  const wrong = `${session.split('.')[0]}.${createToken().token.split('.')[1]}`;
  expect(await find(wrong)).toBeUndefined();
  expect(await db.transaction().execute((tx) => endSession(tx, wrong, clock.now()))).toBe(false);
  expect(await db.transaction().execute((tx) => endSession(tx, session, clock.now()))).toBe(true);
  expect(await find(session)).toBeUndefined();
});

test('it ends with the token that began it', async () => {
  const session = await begin(storedForm(setting.personToken)?.identifier);
  expect(await find(session)).toBeDefined();
  const actor = { person: null, now: clock.now() };
  await db.transaction().execute((tx) => renewPersonToken(tx, actor, setting.username, createToken()));
  expect(await find(session)).toBeUndefined();
});
