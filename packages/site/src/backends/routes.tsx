// Addresses of backends: how they stand, for everybody; what staff decide, as forms.
import { type Context, Hono } from 'hono';
import { listBackends } from '@glovebox/store';
import { maintenanceChange } from '@glovebox/wire';
import { refuse } from '../api/answer.js';
import type { ApiDependencies } from '../api/dependencies.js';
import { mayOperate } from '../api/permissions.js';
import { problem } from '../api/problems.js';
import { answer } from '../pages/answer.js';
import { eventStream, mayOpenStream } from '../pages/events.js';
import { pageProblem } from '../pages/page-problems.js';
import { readChange } from '../sign-in/read-change.js';
import type { ViewerEnv } from '../sign-in/viewer.js';
import { BackendsPage } from './list-page.js';
import { BackendPage } from './page.js';
import { backendView, listedBackend } from './view.js';

export function backendRoutes({ db, controller, clock }: ApiDependencies): Hono<ViewerEnv> {
  const app = new Hono<ViewerEnv>();
  const now = (): string => clock().toISOString();

  async function backendAt(c: Context): Promise<number> {
    const slug = c.req.param('backend') ?? '';
    const found = await db.selectFrom('backends').select('id').where('slug', '=', slug).executeTakeFirst();
    if (!found) throw refuse(404, pageProblem('page-missing', [c.req.path]));
    return found.id;
  }

  app.get('/backends', async (c) => {
    const backends = await listBackends(db);
    const value = { backends: backends.map(listedBackend) };
    return answer(c, value, () => <BackendsPage backends={backends} now={now()} />);
  });

  app.get('/backends/:backend', async (c) => {
    const status = await controller.backendStatus(await backendAt(c));
    const view = backendView(status, c.get('viewer')?.person ?? null);
    return answer(c, view, () => <BackendPage view={view} now={now()} />);
  });

  app.get('/backends/:backend/events', async (c) => {
    const backend = await backendAt(c);
    if (!mayOpenStream()) throw refuse(503, pageProblem('too-many-readers', []));
    return eventStream(c, (signal) => controller.changes.ofBackend(backend, signal));
  });

  app.post('/backends/:backend', async (c) => {
    const { viewer, fields } = await readChange(c);
    const { person } = viewer;
    if (!mayOperate(person)) throw refuse(403, problem('not-allowed', [person.username, 'operate backends']));
    const backend = await backendAt(c);
    const what = fields.get('do');
    if (what === 'pause') await controller.pauseBackend(backend, person.id);
    else if (what === 'unpause') await controller.unpauseBackend(backend, person.id);
    else if (what === 'prepare-reboot') await controller.prepareReboot(backend, person.id);
    else if (what === 'maintenance') {
      const change = maintenanceChange.safeParse({ setting: fields.get('setting') });
      if (!change.success) throw refuse(400, pageProblem('form-incomplete', ['What to set maintenance to']));
      await controller.setMaintenance(backend, change.data.setting, person.id);
    } else throw refuse(400, pageProblem('form-incomplete', ['What to do']));
    return c.redirect(`/backends/${encodeURIComponent(c.req.param('backend'))}`, 303);
  });

  return app;
}
