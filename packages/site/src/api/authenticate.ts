// Who calls: a person's program or a backend's agent, by the bearer token it shows. Tokens are never logged, and an unknown
// one is answered like none at all.
import { findBackendByToken, findPersonByToken, type Person } from '@glovebox/store';
import type { Context, MiddlewareHandler } from 'hono';
import { refuse } from './answer.js';
import type { ApiDependencies } from './dependencies.js';
import { problem } from './problems.js';

const bearer = (c: Context): string => /^Bearer ([\w.-]{1,200})$/i.exec(c.req.header('Authorization') ?? '')?.[1] ?? '';

export const signedIn =
  ({ db }: ApiDependencies): MiddlewareHandler<{ Variables: { person: Person } }> =>
  async (c, next) => {
    const person = await findPersonByToken(db, bearer(c));
    if (!person) throw refuse(401, problem('sign-in-needed', []));
    c.set('person', person);
    await next();
  };

export const fromAgent =
  ({ db }: ApiDependencies): MiddlewareHandler<{ Variables: { backend: number } }> =>
  async (c, next) => {
    const backend = await findBackendByToken(db, bearer(c));
    if (backend === undefined) throw refuse(401, problem('sign-in-needed', []));
    c.set('backend', backend);
    await next();
  };
