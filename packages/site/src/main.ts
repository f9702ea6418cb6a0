// The site's process. Prints one line of JSON when it listens, logs to standard error, and ends in order on SIGTERM: no new
// calls, those under way get a moment, the database is closed. Ending it any other way loses nothing either.
import { mkdir } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createController } from '@glovebox/controller';
import { systemClock, systemMonotonic } from '@glovebox/record';
import { openStore } from '@glovebox/store';
import { createAdaptorServer } from '@hono/node-server';
import { pino } from 'pino';
import { ensureAdministrator } from './administrator.js';
import { readOptions, type SiteOptions, usage } from './options.js';
import { repeat } from './repeat.js';
import { createServer } from './server.js';
import { createStudies } from './studies.js';

const log = pino({ level: process.env['GLOVEBOX_LOG_LEVEL'] ?? 'info' }, pino.destination({ dest: 2, sync: true }));

async function start({ data, port, host, allowed, leaseSeconds, images, reusableActions }: SiteOptions): Promise<void> {
  await mkdir(data, { recursive: true, mode: 0o700 });
  const url = process.env['GLOVEBOX_DATABASE_URL'];
  const store = await openStore(url ? { url } : { dataFolder: data });
  const clock = systemClock;
  await ensureAdministrator(store.db, clock, join(data, 'admin-token'));
  const controller = createController({ db: store.db, clock, monotonic: systemMonotonic, leaseSeconds });
  await controller.renewLeases();
  const studies = createStudies({ folder: join(data, 'repositories'), allowed, images, reusableActions });
  const app = createServer({ db: store.db, controller, studies, clock, log });
  const server = createAdaptorServer({ fetch: app.fetch });
  const takeBack = async (): Promise<void> => {
    const count = await controller.expireLeases();
    if (count > 0) log.warn({ count }, 'leases ran out');
  };
  const stopRepeating = [
    repeat(1, 'looking for lost leases', takeBack, log),
    repeat(600, 'tidying the database', () => store.maintain(), log),
  ];

  const stop = async (): Promise<void> => {
    log.info('stopping');
    const closed = new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
    // Waiting agents and live pages hold connections for long; they come back by themselves.
    setTimeout(() => 'closeAllConnections' in server && server.closeAllConnections(), 300).unref();
    await Promise.all([closed, ...stopRepeating.map((stopOne) => stopOne())]);
    await store.close();
    process.exit(0);
  };
  let stopping: Promise<void> | undefined;
  const stopOnce = () => {
    stopping ??= stop().catch((error: unknown) => {
      log.fatal({ err: error }, 'could not stop in order');
      process.exit(1);
    });
  };
  process.on('SIGTERM', stopOnce);
  process.on('SIGINT', stopOnce);

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  process.stdout.write(`${JSON.stringify({ listening: `http://${name}:${address.port}` })}\n`);
}

let options: SiteOptions;
try {
  options = readOptions(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${usage}\n`);
  process.exit(2);
}
try {
  await start(options);
} catch (error) {
  log.fatal({ err: error }, 'could not start');
  process.exit(1);
}
