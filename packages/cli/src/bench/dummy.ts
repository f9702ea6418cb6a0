// `npm run bench:dummy`: how long a researcher waits for dummy data, from the shell to the shell, for definitions of the kinds
// that studies have. Each definition is made anew, so nothing but the machine's file cache is warm.
import { spawn } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';

const glovebox = fileURLToPath(new URL('../../../../glovebox', import.meta.url));
const source = fileURLToPath(new URL('../../../synth/definitions/', import.meta.url));

const usual = [
  'adult_cohort',
  'care_homes',
  'comorbidities',
  'covid_admissions',
  'diabetes_register',
  'rare_and_opposite',
  'vaccine_product_pairs',
  'weekly_measures',
];

interface Run {
  readonly seconds: number;
  readonly processorSeconds: number;
  readonly megabytes: number;
  readonly warnings: readonly string[];
}

/** GNU time prints the greatest memory of the command; Node can't ask that of a process that has ended. */
function run(folder: string, words: readonly string[]): Promise<Run> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn('/usr/bin/time', ['-f', 'kilobytes %M processor %U', glovebox, ...words], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let printed = '';
    child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString('utf8')));
    child.on('error', reject);
    child.on('close', (exitCode) => {
      if (exitCode !== 0) return reject(new Error(`glovebox ${words.join(' ')} failed:\n${printed}`));
      resolve({
        seconds: (performance.now() - started) / 1000,
        processorSeconds: Number(/processor ([\d.]+)/.exec(printed)?.[1] ?? 0),
        megabytes: Number(/kilobytes (\d+)/.exec(printed)?.[1] ?? 0) / 1024,
        warnings: printed.split('\n').filter((line) => line.startsWith('[warning')),
      });
    });
  });
}

async function main(): Promise<void> {
  const { patients, only, all } = new Command('bench:dummy')
    .option('--patients <n>', 'how many dummy patients', Number, 1000)
    .option('--only <names>', 'definitions, separated by commas', (names) => names.split(','))
    .option('--all', 'every definition', false)
    .parse()
    .opts<{ patients: number; only?: string[]; all: boolean }>();
  const folder = mkdtempSync(join(tmpdir(), 'glovebox-bench-'));
  try {
    cpSync(source, folder, { recursive: true });
    const every = readdirSync(folder).filter((file) => file.endsWith('.py'));
    const names = all ? every.map((file) => file.slice(0, -'.py'.length)).sort() : (only ?? usual);
    for (const name of names) {
      const file = `${name}.py`;
      const text = readFileSync(join(folder, file), 'utf8');
      const kind = text.includes('create_measures()') ? 'measures' : 'dataset';
      // Event tables are files beside the dataset's, so they want a folder.
      const output = text.includes('add_event_table(') ? 'out/:csv.gz' : 'out.csv.gz';
      appendFileSync(join(folder, file), `\n${kind}.configure_dummy_data(population_size=${patients})\n`);
      const words = ['ehrql', `generate-${kind}`, file, '--output', output];
      const { seconds, processorSeconds, megabytes, warnings } = await run(folder, words);
      const [wall, busy] = [seconds, processorSeconds].map((value) => value.toFixed(1).padStart(6));
      console.log(`${name.padEnd(24)} ${wall} s (processor ${busy} s) ${megabytes.toFixed(0).padStart(6)} MB`);
      for (const warning of warnings) console.log(`  ${warning}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
