// `npm run bench:pipeline`: how long reading, checking and planning a project.yaml takes, and how soon a file that was built to
// exhaust memory is refused. Each measurement has a process of its own, as a researcher's command does, so nothing is warm.
// Prints one line a file: processor time and time on the clock of the median of several runs, in milliseconds.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { planJobs, readPipeline } from '../index.js';

const runs = 5;

/** Actions of eleven lines, each with needs, as in the largest published studies. */
function study(count: number): string {
  const actions = Array.from({ length: count }, (_, i) =>
    [
      `  action_${i}:`,
      '    run: >',
      `      ehrql:v1 generate-measures analysis/measures_${i}.py`,
      `      --output output/measures_${i}.csv -- --group ${i}`,
      `    needs: [${[1, 7, 40].flatMap((n) => (i >= n && i % 5 > 0 ? [`action_${i - n}`] : [])).join(', ')}]`,
      '    config: {bins: 10, title: "A title"}',
      '    outputs:',
      '      highly_sensitive:',
      `        data: output/measures_${i}.csv`,
      '      moderately_sensitive:',
      `        table: output/tables_${i}/*.csv`,
    ].join('\n'),
  );
  return `version: "4.0"\nactions:\n${actions.join('\n')}\n`;
}

const lines = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join('\n');

const files: Readonly<Record<string, () => string>> = {
  '250 actions': () => study(250),
  '2,500 actions': () => study(2500),
  'aliases that double': () => `a0: &a0 [x, x]\n${lines(40, (i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`)}`,
  'aliases of a long text': () => `a: &a "${'x'.repeat(1_000_000)}"\n${lines(200, (i) => `k${i}: *a`)}`,
  'merges of merges': () =>
    `b: &b {${Array.from({ length: 400 }, (_, i) => `x${i}: 1`).join(', ')}}\n${lines(400, (i) => `k${i}: {<<: *b}`)}`,
  'an alias of itself': () => 'a: &a [*a]',
  'open brackets': () => '['.repeat(190_000),
  'open braces': () => '{a: '.repeat(90_000),
  'lists in lists': () => '- '.repeat(190_000),
  'ever deeper keys': () => lines(2000, (i) => `${' '.repeat(i)}a:`),
  'four million values': () => `a: [${'1,'.repeat(2_000_000)}]`,
  'twenty million characters': () => `version: 5\n# ${'x'.repeat(20_000_000)}`,
  'a number of three million digits': () => `version: ${'1'.repeat(3_000_000)}`,
};

interface Measured {
  readonly processor: number;
  readonly clock: number;
  readonly lines: number;
  readonly said: string;
}

/** In a process that has done nothing else. */
function measure(name: string): Measured {
  const text = files[name]?.() ?? '';
  const before = process.cpuUsage();
  const begun = performance.now();
  const { pipeline, problems } = readPipeline(text, 'project.yaml');
  const now = { reads: new Map<string, readonly string[]>(), runtimeOf: () => null, dataRelease: null };
  const plan =
    pipeline &&
    planJobs({ pipeline, requested: ['run_all'], force: false, rule: 'by-content', history: new Map(), now });
  const clock = performance.now() - begun;
  const { user, system } = process.cpuUsage(before);
  const said = plan ? `${plan.jobs.length} jobs` : `refused: ${problems[0]?.code}`;
  return { processor: (user + system) / 1000, clock, lines: text.split('\n').length, said };
}

const median = (values: readonly number[]): string =>
  `${Math.round(values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0)} ms`;

const only = process.argv[2];
if (only !== undefined) console.log(JSON.stringify(measure(only)));
else {
  console.log('| file | lines | processor | clock | |\n| --- | --- | --- | --- | --- |');
  for (const name of Object.keys(files)) {
    const measured = Array.from({ length: runs }, () => {
      const out = execFileSync(process.execPath, [fileURLToPath(import.meta.url), name], { encoding: 'utf8' });
      return JSON.parse(out) as Measured;
    });
    const [first] = measured;
    console.log(
      `| ${name} | ${first?.lines.toLocaleString('en')} | ${median(measured.map((m) => m.processor))} | ${median(measured.map((m) => m.clock))} | ${first?.said} |`,
    );
  }
}
