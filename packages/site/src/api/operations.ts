// Staff operate a backend: pause it, hold it for maintenance of its database, make it ready for a restart, say how much of it
// actions take up, and stop a job. All of it is the controller's; here is only who may, and the answer.
import { controllerProblem } from '@glovebox/controller';
import { backendScheduling, maintenanceChange } from '@glovebox/wire';
import type { Person } from '@glovebox/store';
import { type Context, Hono } from 'hono';
import { readBody, refuse } from './answer.js';
import { signedIn } from './authenticate.js';
import type { ApiDependencies } from './dependencies.js';
import { mayOperate } from './permissions.js';
import { problem } from './problems.js';

type Env = { Variables: { person: Person } };

export function operationsApi(deps: ApiDependencies) {
  const { db, controller } = deps;

  function staffOnly(c: Context<Env>, what: string): number {
    const person = c.get('person');
    if (!mayOperate(person)) throw refuse(403, problem('not-allowed', [person.username, what]));
    return person.id;
  }

  async function backendOf(c: Context<Env>): Promise<number> {
    const slug = c.req.param('backend') ?? '';
    const found = await db.selectFrom('backends').select('id').where('slug', '=', slug).executeTakeFirst();
    if (!found) throw refuse(404, problem('unknown-name', ['backend', slug]));
    return found.id;
  }

  const status = async (c: Context<Env>, backend: number, more: object = {}) =>
    c.json({ ...more, status: await controller.backendStatus(backend) });

  return new Hono<Env>()
    .use('/backends/*', signedIn(deps))
    .use('/jobs/*', signedIn(deps))
    .get('/backends/:backend/status', async (c) => {
      staffOnly(c, 'see the state of backends');
      return status(c, await backendOf(c));
    })
    .post('/backends/:backend/pause', async (c) => {
      const person = staffOnly(c, 'pause backends');
      const backend = await backendOf(c);
      return status(c, backend, { changed: await controller.pauseBackend(backend, person) });
    })
    .post('/backends/:backend/unpause', async (c) => {
      const person = staffOnly(c, 'pause backends');
      const backend = await backendOf(c);
      return status(c, backend, { changed: await controller.unpauseBackend(backend, person) });
    })
    .post('/backends/:backend/maintenance', async (c) => {
      const person = staffOnly(c, 'set maintenance');
      const backend = await backendOf(c);
      const { setting } = await readBody(c, maintenanceChange);
      await controller.setMaintenance(backend, setting, person);
      return status(c, backend);
    })
    .post('/backends/:backend/prepare-reboot', async (c) => {
      const person = staffOnly(c, 'prepare restarts');
      const backend = await backendOf(c);
      return status(c, backend, { stopped: await controller.prepareReboot(backend, person) });
    })
    .put('/backends/:backend/scheduling', async (c) => {
      const person = staffOnly(c, 'configure backends');
      const backend = await backendOf(c);
      const body = await readBody(c, backendScheduling);
      return status(c, backend, { notes: await controller.setScheduling(backend, body, person) });
    })
    .post('/jobs/:job/kill', async (c) => {
      const person = staffOnly(c, 'stop jobs');
      const job = c.req.param('job');
      const found = await db.selectFrom('jobs').select('id').where('identifier', '=', job).executeTakeFirst();
      if (!found) throw refuse(404, controllerProblem('unknown-job', [job]));
      return c.json({ stopped: await controller.killJob(job, person) });
    });
}
