// `npm run bench:startup`: how long a researcher waits for the small commands, from the shell to the shell. Each command
// runs several times after one run that warms the caches; the median is what counts, since a machine is never quite idle. Where it is
// busy, the seconds of processors say more: a command that waits for its turn takes no more of them.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { print, type Time } from './timing.js';

const glovebox = fileURLToPath(new URL('../../../../glovebox', import.meta.url));

/** A definition of 200 lines: a population, and for each of 27 conditions the usual questions. */
function definition(patients: number): string {
  const head = [
    'from ehrql import case, create_dataset, when',
    'from ehrql.tables.tpp import addresses, clinical_events, patients, practice_registrations',
    '',
    'index_date = "2022-01-01"',
    'dataset = create_dataset()',
    'registered = practice_registrations.for_patient_on(index_date)',
    'dataset.define_population(registered.exists_for_patient() & (patients.age_on(index_date) >= 18))',
    'dataset.sex = patients.sex',
    'dataset.imd = addresses.for_patient_on(index_date).imd_quintile',
    `dataset.configure_dummy_data(population_size=${patients})`,
  ];
  const conditions = Array.from({ length: 27 }, (_, i) => [
    `codes_${i} = ["${10_000_000 + i * 7}", "${20_000_000 + i * 7}"]`,
    `events_${i} = clinical_events.where(clinical_events.snomedct_code.is_in(codes_${i}))`,
    `latest_${i} = events_${i}.sort_by(events_${i}.date).last_for_patient()`,
    `dataset.had_${i} = events_${i}.exists_for_patient()`,
    `dataset.date_${i} = latest_${i}.date`,
    `dataset.value_${i} = latest_${i}.numeric_value`,
    `dataset.is_high_${i} = case(when(latest_${i}.numeric_value > 5.0).then("high"), otherwise="low")`,
  ]);
  return `${[...head, ...conditions.flat(), ''].join('\n')}\n`;
}

/** Seconds of processors that ended children of this process have had, and their children. */
function childrenSeconds(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  // Times are in hundredths of a second, on every Linux that Node runs on.
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

/** @param isolation processes in a sandbox are nobody's children: their time is only seen without one */
function run(folder: string, words: readonly string[], isolation: 'default' | 'never'): Promise<Time> {
  const [started, used] = [performance.now(), childrenSeconds()];
  return new Promise((resolve, reject) => {
    const env = { ...process.env, EHRQL_ISOLATE_USER_CODE: isolation };
    const child = spawn(glovebox, words, { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] });
    let printed = '';
    child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString('utf8')));
    child.on('error', reject);
    child.on('close', (exitCode) => {
      if (exitCode !== 0) reject(new Error(`glovebox ${words.join(' ')} failed:\n${printed}`));
      else resolve({ seconds: (performance.now() - started) / 1000, processor: childrenSeconds() - used });
    });
  });
}

async function measure(folder: string, words: readonly string[], times: number): Promise<void> {
  await run(folder, words, 'default');
  const [waited, worked]: [number[], number[]] = [[], []];
  for (let i = 0; i < times; i += 1) {
    waited.push((await run(folder, words, 'default')).seconds);
    worked.push((await run(folder, words, 'never')).processor);
  }
  const middle = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
  const text = (value: number): string => `${value.toFixed(2)} s`;
  const [median, processors] = [middle(waited), middle(worked)];
  const range = `(${text(waited[0]!)} to ${text(waited.at(-1)!)})`;
  print(words.slice(0, 2).join(' '), `median ${text(median)} ${range}, ${text(processors)} of processors`);
}

async function main(): Promise<void> {
  const { times, patients } = new Command('bench:startup')
    .option('--times <n>', 'how often each command runs', Number, 7)
    .option('--patients <n>', 'how many dummy patients', Number, 1000)
    .parse()
    .opts<{ times: number; patients: number }>();
  const folder = mkdtempSync(join(tmpdir(), 'glovebox-bench-'));
  try {
    writeFileSync(join(folder, 'definition.py'), definition(patients));
    console.log(
      `a definition of ${definition(patients).trimEnd().split('\n').length} lines, ${patients} dummy patients`,
    );
    await measure(folder, ['--help'], times);
    await measure(folder, ['ehrql', 'serialize-definition', 'definition.py'], times);
    await measure(folder, ['ehrql', 'generate-dataset', 'definition.py', '--output', 'dataset.csv'], times);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
