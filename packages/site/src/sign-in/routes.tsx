// Addresses for signing in and out.
import { getConnInfo } from '@hono/node-server/conninfo';
import { type Context, Hono } from 'hono';
import { html } from '../pages/answer.js';
import { pageProblem } from '../pages/page-problems.js';
import type { Accounts } from './accounts.js';
import { failureMinutes } from './attempts.js';
import { readChange, readFields, requireSameSite } from './read-change.js';
import { SignInPage } from './page.js';
import { dropSession, putSession, sessionOf } from './session-cookie.js';
import type { ViewerEnv } from './viewer.js';

/** A path of this site to go on to; the front page for whatever else was given. */
export const safePath = (next: string | null | undefined): string =>
  next && /^\/(?![/\\])[^\\\s\p{Cc}]{0,2000}$/u.test(next) ? next : '/';

/** A server in front on the same machine appends who called it; nobody else is believed about that. */
function addressOf(c: Context): string {
  let address = '';
  try {
    address = getConnInfo(c).remote.address ?? '';
  } catch {
    // There is no connection where the app is called directly.
  }
  const isInFront = /^(::ffff:)?127\.|^::1$/.test(address);
  return (isInFront && c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim()) || address;
}

export function signInRoutes(accounts: Accounts): Hono<ViewerEnv> {
  const app = new Hono<ViewerEnv>();

  app.get('/sign-in', async (c) => {
    const next = safePath(c.req.query('next'));
    return c.get('viewer') ? c.redirect(next, 303) : html(c, <SignInPage next={next} problems={[]} />);
  });

  app.post('/sign-in', async (c) => {
    requireSameSite(c);
    const fields = await readFields(c);
    const next = safePath(fields.get('next'));
    const signedIn = await accounts.signIn((fields.get('token') ?? '').trim(), addressOf(c));
    if (signedIn.outcome === 'signed-in') {
      putSession(c, signedIn.session);
      return c.redirect(next, 303);
    }
    const isTooMany = signedIn.outcome === 'too-many';
    const problem = isTooMany
      ? pageProblem('sign-in-too-often', [failureMinutes])
      : pageProblem('sign-in-unknown-token', []);
    return html(c, <SignInPage next={next} problems={[problem]} />, isTooMany ? 429 : 403);
  });

  app.post('/sign-out', async (c) => {
    await readChange(c);
    const session = sessionOf(c);
    if (session) await accounts.signOut(session);
    dropSession(c);
    return c.redirect('/', 303);
  });

  return app;
}
