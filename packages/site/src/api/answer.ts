// How every call of the API reads its body and refuses: bodies match a closed schema, and whatever goes wrong is answered
// as `{"problems": [...]}` with a status that says whose turn it is.
import { type Problem, ProblemError } from '@glovebox/record';
import type { Context, ErrorHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { Logger } from 'pino';
import { problem } from './problems.js';

export const mostBodyBytes = 1_000_000;

export type Refusal = 400 | 401 | 403 | 404 | 409 | 413 | 422 | 429 | 500 | 503;

/** Ends a call: caught by `answerError`. */
export const refuse = (status: Refusal, problems: Problem | readonly Problem[]): HTTPException =>
  new HTTPException(status, { cause: new ProblemError(problems) });

interface Schema<T> {
  safeParse(value: unknown):
    | { readonly success: true; readonly data: T }
    | {
        readonly success: false;
        readonly error: {
          readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
        };
      };
}

/** Reads the body as JSON of this schema. Throws a refusal that lists everything that does not fit. */
export async function readBody<T>(c: Context, schema: Schema<T>): Promise<T> {
  let body: unknown;
  try {
    const text = await c.req.text();
    body = text === '' ? {} : JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw refuse(400, problem('not-json', []));
    throw error;
  }
  // No database keeps this character; JSON can only spell it like this.
  if (JSON.stringify(body).includes('\\u0000'))
    throw refuse(400, problem('body-wrong', ['', 'It holds the character NUL.']));
  return parsed(schema, body);
}

/** The value in the form of the schema. Throws a refusal that lists everything that does not fit. */
export function parsed<T>(schema: Schema<T>, value: unknown): T {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  throw refuse(
    400,
    read.error.issues
      .slice(0, 50)
      .map(({ path, message }) => problem('body-wrong', [path.map(String).join('.'), message])),
  );
}

/** The one shape of every error of the API. Faults are logged and told without their details. */
export const answerError =
  (log: Logger): ErrorHandler =>
  (error, c) => {
    if (error instanceof ProblemError) return c.json({ problems: error.problems }, 422);
    if (error instanceof HTTPException && error.cause instanceof ProblemError) {
      const headers: Record<string, string> = error.status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {};
      return c.json({ problems: error.cause.problems }, error.status, headers);
    }
    log.error({ err: error, method: c.req.method, path: c.req.path }, 'a call of the API failed');
    return c.json({ problems: [problem('fault', [])] }, 500);
  };
