// The cookie that holds a session. No script can read it, no other site can send it with a form, and a browser that came by https
// never sends it without.
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { sessionHours } from './accounts.js';

const name = 'glovebox-session';

/** The browser says itself how it came, which a server behind another one can't know otherwise. */
const isEncrypted = (c: Context): boolean => (c.req.header('origin') ?? '').startsWith('https:');

export const sessionOf = (c: Context): string | undefined => getCookie(c, name);

export function putSession(c: Context, session: string): void {
  setCookie(c, name, session, {
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    secure: isEncrypted(c),
    maxAge: sessionHours * 3600,
  });
}

export const dropSession = (c: Context): void => void deleteCookie(c, name, { path: '/', secure: isEncrypted(c) });
