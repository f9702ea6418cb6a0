// `npm run faults -- --kills 500 [--seed N] [--database embedded|postgres]`: the fault test with as many kills as asked for,
// half of them with the embedded database and half on a PostgreSQL server unless one is named. Ends with 1 when anything of
// what has to be true did not hold.
import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { kills: { type: 'string' }, seed: { type: 'string' }, database: { type: 'string' } },
});
const root = fileURLToPath(new URL('../../', import.meta.url));
const kills = Number(values.kills ?? 500);
const seed = Number(values.seed ?? randomInt(2 ** 31));
if (!Number.isSafeInteger(kills) || kills < 10 || !Number.isSafeInteger(seed)) {
  process.stderr.write('--kills takes a whole number from 10, --seed a whole number.\n');
  process.exit(2);
}
const databases = values.database === undefined ? ['embedded', 'postgres'] : [values.database];
let failed = 0;
for (const [i, database] of databases.entries()) {
  const share = i === 0 ? Math.ceil(kills / databases.length) : Math.floor(kills / databases.length);
  const environment = {
    GLOVEBOX_FAULT_KILLS: String(share),
    GLOVEBOX_FAULT_SEED: String(seed),
    GLOVEBOX_FAULT_DATABASE: database,
  };
  process.stdout.write(`${share} kills with the ${database} database, seed ${seed}\n`);
  const started = performance.now();
  const { status } = spawnSync('npx', ['--no-install', 'vitest', 'run', 'script/faults.test.ts'], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  });
  process.stdout.write(`${((performance.now() - started) / 60_000).toFixed(1)} minutes\n`);
  if (status !== 0) failed += 1;
}
process.exit(failed === 0 ? 0 : 1);
