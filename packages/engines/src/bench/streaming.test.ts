// The benchmark of streaming, small: it is the test that results are never held. The processes that write may keep less than
// the rows would take, and four times as many rows may not raise their peak.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** The peak of each format beyond the limit of the database, in MiB. */
function peaks(patients: number): Readonly<Record<string, number>> {
  const program = ['packages/engines/dist/bench/streaming.js', '--patients', String(patients), '--limit', '128'];
  const printed = execFileSync(process.execPath, program, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '--max-old-space-size=80' },
  });
  const found = printed.matchAll(/^(\S+): peak memory .* limit (-?\d+) MiB$/gm);
  return Object.fromEntries([...found].map(([, format, mebibytes]) => [format!, Number(mebibytes)]));
}

test('neither csv.gz nor Arrow takes more memory for more rows', () => {
  execFileSync(process.execPath, ['script/build.mjs'], { cwd: root });
  const few = peaks(40_000);
  const many = peaks(160_000);
  expect(Object.keys(many)).toEqual(['csv.gz', 'arrow']);
  for (const format of ['csv.gz', 'arrow']) {
    expect(many[format]! - few[format]!, format).toBeLessThan(128);
    expect(many[format]!, format).toBeLessThan(512);
  }
}, 240_000);
