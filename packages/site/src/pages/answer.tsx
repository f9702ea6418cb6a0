// One value, two renderings: every page is answered as HTML or, by `.json` or an Accept header, as JSON.
import type { Problem } from '@glovebox/record';
import type { Context } from 'hono';
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

/** A whole document; JSX has escaped every string in it. */
export async function html(c: Context, page: Markup, status: 200 | 404 | 400 | 500 | 503 = 200): Promise<Response> {
  c.header('vary', 'accept');
  return c.html(`<!doctype html>${String(await page)}`, status);
}

/** @param page is made only when HTML is wanted */
export async function answer(c: Context, value: unknown, page: () => Markup): Promise<Response> {
  if (!wantsJson(c)) return html(c, page());
  c.header('vary', 'accept');
  return c.json(value as object);
}

export async function refuse(c: Context, status: 400 | 404 | 500 | 503, problem: Problem): Promise<Response> {
  if (wantsJson(c)) return c.json({ problems: [problem] }, status);
  const title = status === 404 ? 'Not found' : 'This could not be answered';
  return html(c, <ProblemPage title={title} problem={problem} />, status);
}
