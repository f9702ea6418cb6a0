// What a backend's agent calls: it says what it can run, asks for work, says that it is alive, hands back, reports the end. All bodies are the closed
// schemas of the wire, so nothing else can cross from the secure side.
import { identifierPattern } from '@glovebox/record';
import { backendReport, heartbeat, leaseRequest, taskRelease, taskResult } from '@glovebox/wire';
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
    .post('/backend', async (c) => {
      const report = await readBody(c, backendReport);
      const backend = c.get('backend');
      await noteBackendSeen(db, backend, clock());
      return c.json(await controller.applyReport(backend, report));
    })
    .post('/tasks/:task/release', async (c) => {
      const task = taskOf(c);
      return c.json(await controller.release(c.get('backend'), task, await readBody(c, taskRelease)));
    })
    .post('/tasks/:task/result', async (c) => {
      const task = taskOf(c);
      return c.json(await controller.applyResult(c.get('backend'), task, await readBody(c, taskResult)));
    });
}
