// What is asked of a form before anything of it is obeyed: it comes from a page of this site, from somebody who is signed in, and
// holds what only that person's pages hold.
import { timingSafeEqual } from 'node:crypto';
import type { Context } from 'hono';
import { refuse } from '../api/answer.js';
import { pageProblem } from '../pages/page-problems.js';
import { formTokenField } from './change-form.js';
import type { Viewer, ViewerEnv } from './viewer.js';

/** Throws a refusal unless the browser says that the form stands on a page of this site. */
export function requireSameSite(c: Context): void {
  const origin = c.req.header('origin') ?? '';
  const host = c.req.header('host') ?? new URL(c.req.url).host;
  if (!URL.canParse(origin) || new URL(origin).host !== host) throw refuse(403, pageProblem('form-from-elsewhere', []));
}

/** Throws a refusal when nobody is signed in. */
export function requireViewer(c: Context<ViewerEnv>): Viewer {
  const viewer = c.get('viewer');
  if (!viewer) throw refuse(401, pageProblem('not-signed-in', []));
  return viewer;
}

const isSame = (a: string, b: string): boolean => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
};

/** A form's fields; files and other kinds of body are refused. */
export async function readFields(c: Context): Promise<URLSearchParams> {
  const type = c.req.header('content-type') ?? '';
  if (!type.startsWith('application/x-www-form-urlencoded')) throw refuse(400, pageProblem('not-a-form', []));
  return new URLSearchParams(await c.req.text());
}

/** The viewer and the fields of a form that may be obeyed. Throws a refusal otherwise. */
export async function readChange(
  c: Context<ViewerEnv>,
): Promise<{ readonly viewer: Viewer; readonly fields: URLSearchParams }> {
  requireSameSite(c);
  const viewer = requireViewer(c);
  const fields = await readFields(c);
  if (!isSame(fields.get(formTokenField) ?? '', viewer.formToken)) throw refuse(403, pageProblem('form-outdated', []));
  return { viewer, fields };
}
