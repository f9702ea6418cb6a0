// The API: everything below /api. See problems.ts for what it refuses and record's wire schemas for what it accepts.
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { agentApi } from './agent.js';
import { answerError, mostBodyBytes, refuse } from './answer.js';
import type { ApiDependencies } from './dependencies.js';
import { jobRequestsApi } from './job-requests.js';
import { operationsApi } from './operations.js';
import { problem } from './problems.js';
import { registrationApi } from './registration.js';

export function api(deps: ApiDependencies): Hono {
  const app = new Hono();
  app.onError(answerError(deps.log));
  app.use(async (c, next) => {
    await next();
    c.header('Cache-Control', 'no-store');
  });
  app.use(
    bodyLimit({
      maxSize: mostBodyBytes,
      onError: () => {
        throw refuse(413, problem('body-too-large', [mostBodyBytes]));
      },
    }),
  );
  app.route('/agent', agentApi(deps));
  app.route('/', jobRequestsApi(deps));
  app.route('/', operationsApi(deps));
  app.route('/', registrationApi(deps));
  app.all('*', () => {
    throw refuse(404, problem('no-such-address', []));
  });
  return app;
}
