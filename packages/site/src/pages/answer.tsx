// One value, two renderings: every page is answered as HTML or, by `.json` or an Accept header, as JSON.
import type { Problem } from '@glovebox/record';
import type { Context } from 'hono';
import { currentViewer } from '../sign-in/viewer.js';
import type { HtmlEscapedString } from 'hono/utils/html';
import { ProblemPage } from './problem-page.js';

export type Markup = HtmlEscapedString | Promise<HtmlEscapedString>;

/** Set by the rewriting of `.json` addresses in index.ts; a visitor may also send it, to the same effect. */
export const jsonHeader = 'x-glovebox-json';

/** JSON when the address asked for it, or when the reader accepts JSON and does not name HTML. */
export function wantsJson(c: Context): boolean {
  if (c.req.header(jsonHeader) !== undefined) return true;
  const accept = c.req.header('accept') ?? '';
  return accept.includes('application/json') && !accept.includes('text/html');
}

export type PageStatus = 200 | 400 | 401 | 403 | 404 | 409 | 413 | 422 | 429 | 500 | 503;

/** What is made for one person must not be kept for another; what everybody sees may be out of date at any moment. */
function sayWhoMayKeepIt(c: Context): void {
  c.header('vary', 'accept, cookie');
  c.header('cache-control', currentViewer() ? 'no-store' : 'no-cache');
}

/** A whole document; JSX has escaped every string in it. */
export async function html(c: Context, page: Markup, status: PageStatus = 200): Promise<Response> {
  sayWhoMayKeepIt(c);
  return c.html(`<!doctype html>${String(await page)}`, status);
}

/** @param page is made only when HTML is wanted */
export async function answer(
  c: Context,
  value: unknown,
  page: () => Markup,
  status: PageStatus = 200,
): Promise<Response> {
  if (!wantsJson(c)) return html(c, page(), status);
  sayWhoMayKeepIt(c);
  return c.json(value as object, status);
}

export async function refuse(
  c: Context,
  status: Exclude<PageStatus, 200>,
  problems: Problem | readonly Problem[],
): Promise<Response> {
  const list = Array.isArray(problems) ? (problems as readonly Problem[]) : [problems as Problem];
  if (wantsJson(c)) {
    sayWhoMayKeepIt(c);
    return c.json({ problems: list }, status);
  }
  const title = status === 404 ? 'Not found' : 'This could not be answered';
  return html(c, <ProblemPage title={title} problems={list} />, status);
}
