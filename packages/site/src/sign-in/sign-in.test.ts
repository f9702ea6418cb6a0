import { createToken, renewPersonToken } from '@glovebox/store';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type MemberSite, memberSite, origin } from '../testing/member-site.js';
import { listen, type Served } from '../pages/testing/browser.js';
import { mostFailures, visitorOf } from './attempts.js';
import { safePath } from './routes.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let site: MemberSite;
beforeAll(async () => {
  site = await memberSite();
});
afterAll(() => site.close());

test('a token makes a session that no script reads and no other site sends, and the page that was wanted comes next', async () => {
  const answer = await site.send('/sign-in', [
    ['token', ` ${site.tokens.ann} `],
    ['next', '/projects?x=1'],
  ]);
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/projects?x=1']);
  const cookie = answer.headers.get('set-cookie') ?? '';
  expect(cookie).toMatch(/^glovebox-session=[a-z2-7]{16}\.[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Lax$/);
  const page = await site.get('/projects', { cookie: cookie.split(';')[0] ?? '' });
  expect(page.headers.get('cache-control')).toBe('no-store');
  expect(await page.text()).toContain('Sign out');
});

test('what is made for one person is kept by nobody, what all see is asked for again, refusals too', async () => {
  const { cookie } = await site.signIn('ann');
  for (const path of ['/', '/projects.json', '/nowhere', '/nowhere.json', '/backends']) {
    const own = await site.get(path, { cookie });
    const everybody = await site.get(path);
    const headers = [own, everybody].map((answer) => [answer.headers.get('cache-control'), answer.headers.get('vary')]);
    expect(headers, path).toEqual([
      ['no-store', 'accept, cookie'],
      ['no-cache', 'accept, cookie'],
    ]);
  }
});

test('a browser that came by https never sends the cookie without', async () => {
  const secure = { host: 'site.example', origin: 'https://site.example' };
  const answer = await site.send('/sign-in', [['token', site.tokens.ann]], secure);
  expect(answer.headers.get('set-cookie')).toContain('; Secure');
});

test('signing out ends the session for whoever has the cookie', async () => {
  const ann = await site.member('ann');
  expect((await ann.send('/sign-out', [])).headers.get('set-cookie')).toContain('Max-Age=0');
  expect(await (await ann.get('/projects')).text()).toContain('href="/sign-in?next=%2Fprojects"');
});

test('a session is over after twelve hours, or when the token is replaced', async () => {
  const eve = await site.member('eve');
  const sam = await site.member('sam');
  const actor = { person: null, now: site.clock.now() };
  await site.store.db.transaction().execute((tx) => renewPersonToken(tx, actor, 'eve', createToken()));
  expect(await (await eve.get('/')).text()).not.toContain('Sign out');
  expect(await (await sam.get('/')).text()).toContain('Sign out');
  site.clock.advance(12 * 3600);
  expect(await (await sam.get('/')).text()).not.toContain('Sign out');
});

test('no token is shown again or logged, right or wrong', async () => {
  const wrong = createToken().token;
  const answer = await site.send('/sign-in', [['token', wrong]]);
  expect(answer.status).toBe(403);
  expect(await answer.text()).not.toContain(wrong);
  await site.signIn('ann');
  const secrets = [wrong, site.tokens.ann].map((token) => token.split('.')[1] ?? '?');
  for (const secret of secrets) expect(site.logged.join('')).not.toContain(secret);
});

test('a form that does not come from a page of the site is refused, signed in or not', async () => {
  const { cookie, formToken } = await site.signIn('ann');
  for (const headers of [{ origin: 'https://elsewhere.example' }, { origin: 'null' }, { origin: '' }]) {
    expect((await site.send('/sign-in', [['token', site.tokens.ann]], headers)).status).toBe(403);
    const sent = await site.send('/sign-out', [['form-token', formToken]], { cookie, ...headers });
    expect(sent.status).toBe(403);
  }
  for (const fields of [[], [['form-token', '']], [['form-token', `${formToken}x`]]] as const) {
    expect((await site.send('/sign-out', fields, { cookie })).status).toBe(403);
  }
  const other = await site.signIn('sam');
  expect((await site.send('/sign-out', [['form-token', other.formToken]], { cookie })).status).toBe(403);
  const json = { cookie, origin, 'content-type': 'application/json' };
  expect((await site.send('/sign-out', [['form-token', formToken]], json)).status).toBe(400);
  expect(await (await site.get('/', { cookie })).text()).toContain('Sign out');
});

test('a body that is larger than any form is refused', async () => {
  const answer = await site.send('/sign-in', [['token', 'x'.repeat(1_100_000)]], { 'content-length': '1100006' });
  expect(answer.status).toBe(413);
});

test.each([
  [null, '/'],
  ['/a/b?c=d', '/a/b?c=d'],
  ['//elsewhere.example', '/'],
  ['/\\elsewhere.example', '/'],
  ['https://elsewhere.example', '/'],
  ['/a\r\nSet-Cookie: x', '/'],
  ['/a\tb', '/'],
])('after signing in for %j the page %j comes next', (next, path) => {
  expect(safePath(next)).toBe(path);
});

test('who fails too often has to wait, and nobody else', async () => {
  const from = (address: string) => ({ 'x-forwarded-for': address });
  // The app is called without a connection here, so what a header says of an address is not believed.
  for (let i = 0; i < mostFailures; i += 1) await site.send('/sign-in', [['token', 'wrong']], from(`10.0.0.${i}`));
  expect((await site.send('/sign-in', [['token', site.tokens.sam]], from('10.0.1.1'))).status).toBe(429);
  site.clock.advance(5 * 60);
  expect((await site.send('/sign-in', [['token', site.tokens.sam]])).status).toBe(303);
});

describe('behind a server on the same machine', () => {
  let served: Served;
  beforeAll(async () => {
    served = await listen(site.app);
  });
  afterAll(() => served.close());

  /** As a browser that came by that server, which appends who called it. */
  const signIn = (token: string, forwarded: string) =>
    fetch(`${served.origin}/sign-in`, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: served.origin, 'x-forwarded-for': forwarded },
      body: new URLSearchParams({ token }),
    });

  test('failures count for the address that it names last, whatever the visitor claims before', async () => {
    for (let i = 0; i < mostFailures; i += 1) await signIn('wrong', `198.51.100.${i}, 203.0.113.7`);
    expect((await signIn(site.tokens.sam, '198.51.100.99, 203.0.113.7')).status).toBe(429);
    expect((await signIn(site.tokens.sam, '203.0.113.7, 198.51.100.99')).status).toBe(303);
  });

  test('addresses of one network of the newer kind are one visitor', async () => {
    for (let i = 0; i < mostFailures; i += 1) await signIn('wrong', `2001:db8:1:2::${i}`);
    expect((await signIn(site.tokens.sam, '2001:db8:1:2:ffff::9')).status).toBe(429);
    expect((await signIn(site.tokens.sam, '2001:db8:1:3::9')).status).toBe(303);
  });
});

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8::1', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
  ['nonsense', 'nonsense'],
])('the visitor at %s is known as %s', (address, visitor) => {
  expect(visitorOf(address)).toBe(visitor);
});
