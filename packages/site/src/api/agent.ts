// What a backend's agent calls: it asks for work, says that it is alive, and reports the end. All bodies are the closed
// schemas of the wire, so nothing else can cross from the secure side.
import { heartbeat, identifierPattern, leaseRequest, taskResult } from '@glovebox/record';
import { noteBackendSeen } from '@glovebox/store';
import { type Context, Hono } from 'hono';
import { readBody, refuse } from './answer.js';
import { fromAgent } from './authenticate.js';
import type { ApiDependencies } from './dependencies.js';
import { problem } from './problems.js';

const taskOf = (c: Context): string => {
  const task = c.req.param('task') ?? '';
  if (!identifierPattern.test(task)) throw refuse(404, problem('no-such-address', []));
  return task;
};

export function agentApi(deps: ApiDependencies) {
  const { db, controller, clock } = deps;
  return new Hono<{ Variables: { backend: number } }>()
    .use(fromAgent(deps))
    .post('/leases', async (c) => {
      const request = await readBody(c, leaseRequest);
      const backend = c.get('backend');
      await noteBackendSeen(db, backend, clock());
      return c.json({ leases: await controller.awaitLeases(backend, request, c.req.raw.signal) });
    })
    .post('/tasks/:task/heartbeat', async (c) => {
      const task = taskOf(c);
      return c.json(await controller.heartbeat(c.get('backend'), task, await readBody(c, heartbeat)));
    })
    .post('/tasks/:task/result', async (c) => {
      const task = taskOf(c);
      return c.json(await controller.applyResult(c.get('backend'), task, await readBody(c, taskResult)));
    });
}
