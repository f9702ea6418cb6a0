// `npm run bench:measures`: how fast the example study's patient measures run, beside a hand-written query for the same
// table. Nothing is assumed about the machine: both are timed in the same run, and their sums must be equal.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { extractCells, openDuckDb, type DuckDb } from '@glovebox/engines';
import { evaluateDefinition, type MeasuresDefinition } from '@glovebox/language';
import { generateDatabase } from '@glovebox/synth';
import { floorGroups, floorSql, prepareFloor } from './floor.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const study = join(root, 'studies', 'winter-pressures');
const definitionFile = 'analysis/wp_patient_measures_def.py';

interface Sums {
  readonly seconds: number;
  /** Seconds of processors: what stays comparable on a machine that is busy with other things. */
  readonly processor: number;
  readonly cells: number;
  readonly rows: number;
  /** Over all cells: the denominator, then each numerator. */
  readonly totals: readonly number[];
}

const seconds = (since: number): number => (performance.now() - since) / 1000;

/** Starts a clock; the function that it gives reads it. */
function clock(): () => Pick<Sums, 'seconds' | 'processor'> {
  const [started, used] = [performance.now(), process.cpuUsage()];
  return () => {
    const { user, system } = process.cpuUsage(used);
    return { seconds: seconds(started), processor: (user + system) / 1e6 };
  };
}

const print = (label: string, value: string): void => console.log(`${label.padEnd(44)} ${value}`);

async function main(): Promise<void> {
  const { patients, intervals, command } = new Command('bench:measures')
    .option('--patients <n>', 'how many patients', Number, 100_000)
    .option('--intervals <n>', 'also time so many weekly intervals in one run', Number, 1)
    .option('--no-command', 'leave out the whole command')
    .parse()
    .opts<{ patients: number; intervals: number; command: boolean }>();
  const path = await database(patients);
  print('patients', patients.toLocaleString('en'));
  const definition = await evaluate();
  const options = { path, threads: 2, temporaryDirectory: join(tmpdir(), `glovebox-bench-${process.pid}`) };
  const db = await openDuckDb(options);
  try {
    const floor = await best(() => runFloor(db));
    const query = await best(() => runQuery(db, definition));
    report('hand-written query', floor);
    report('query', query);
    print('query / hand-written', ratio(query, floor, 1));
    if (JSON.stringify(floor.totals) !== JSON.stringify(query.totals) || floor.cells !== query.cells) {
      throw new Error('the two queries give different sums');
    }
    print('sums of all measures', 'equal');
    if (intervals > 1) {
      const many = await runQuery(db, weekly(definition, intervals));
      report(`${intervals} weekly intervals in one run`, many);
      // Single runs of one week stand for those of the others: the fastest of all that were timed, before and after.
      const again = await best(() => runQuery(db, definition));
      const single = again.seconds < query.seconds ? again : query;
      print(`${intervals} weeks in one run / ${intervals} × a single run`, ratio(many, single, intervals));
    }
  } finally {
    db.close();
  }
  print('peak memory of the queries', megabytes(process.resourceUsage().maxRSS));
  if (command) await wholeCommand(path);
}

/** The faster of two runs: the first also reads the file into memory. */
async function best(run: () => Promise<Sums>): Promise<Sums> {
  const [first, second] = [await run(), await run()];
  return first.seconds < second.seconds ? first : second;
}

async function database(patients: number): Promise<string> {
  const folder = join(root, '.cache', 'bench');
  const path = join(folder, `synthetic-${patients}.duckdb`);
  if (existsSync(path)) return path;
  const started = performance.now();
  await generateDatabase({ path, patients, codelistFolders: [join(study, 'codelists')] });
  print('database made in', `${seconds(started).toFixed(1)} s`);
  return path;
}

async function evaluate(): Promise<MeasuresDefinition> {
  const started = performance.now();
  const result = await evaluateDefinition({ file: definitionFile, directory: study, kind: 'measures' });
  if (!result.ok) throw new Error(result.problems.map((p) => p.message).join('\n'));
  if (result.definition.kind !== 'measures') throw new Error('expected measures');
  print('definition evaluated in', `${seconds(started).toFixed(2)} s`);
  return result.definition;
}

async function runQuery(db: DuckDb, definition: MeasuresDefinition): Promise<Sums> {
  const started = clock();
  const totals = Array.from({ length: definition.measures.length + 1 }, () => 0);
  let [cells, rows] = [0, 0];
  for await (const batch of extractCells(db, definition)) {
    cells += batch.size;
    rows += batch.size * batch.measures.length;
    for (const [at, counts] of [batch.denominators, ...batch.numerators].entries()) {
      for (const count of counts) totals[at]! += Number(count);
    }
  }
  return { ...started(), cells, rows, totals };
}

async function runFloor(db: DuckDb): Promise<Sums> {
  await prepareFloor(db, study);
  const started = clock();
  const totals: number[] = [];
  let cells = 0;
  for await (const chunk of db.chunks(floorSql('2022-01-03', '2022-01-09'))) {
    cells += chunk.rowCount;
    for (let at = floorGroups; at < chunk.columnCount; at++) {
      const total = totals[at - floorGroups] ?? 0;
      totals[at - floorGroups] = chunk.getColumnValues(at).reduce<number>((sum, value) => sum + Number(value), total);
    }
  }
  return { ...started(), cells, rows: cells * (totals.length - 1), totals };
}

/** The same measures over so many weeks from the same first day. */
function weekly(definition: MeasuresDefinition, weeks: number): MeasuresDefinition {
  const day = (offset: number): string => new Date(Date.UTC(2022, 0, 3 + offset)).toISOString().slice(0, 10);
  const intervals = Array.from({ length: weeks }, (_, at) => ({ start: day(7 * at), end: day(7 * at + 6) }));
  return { ...definition, measures: definition.measures.map((measure) => ({ ...measure, intervals })) };
}

function report(label: string, sums: Sums): void {
  const size = `${sums.cells.toLocaleString('en')} cells, ${sums.rows.toLocaleString('en')} rows`;
  print(label, `${sums.seconds.toFixed(2)} s, ${sums.processor.toFixed(2)} s of processors   ${size}`);
}

function ratio(a: Sums, b: Sums, times: number): string {
  const one = (x: number, y: number): string => (x / (times * y)).toFixed(2);
  return `${one(a.seconds, b.seconds)}, in processor time ${one(a.processor, b.processor)}`;
}

/** From the command line to the finished csv.gz, as an agent runs it. */
async function wholeCommand(path: string): Promise<void> {
  const output = join(tmpdir(), `glovebox-bench-${process.pid}.csv.gz`);
  const started = performance.now();
  const child = spawn(
    join(root, 'glovebox'),
    ['ehrql', 'generate-measures', definitionFile, '--output', output, '--dsn', `duckdb:${path}`],
    {
      cwd: study,
      env: { ...process.env, EHRQL_PERMISSIONS: '["appointments"]' },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let [peak, log] = [0, ''];
  child.stderr.on('data', (text: Buffer) => (log += text.toString()));
  const watch = setInterval(() => (peak = Math.max(peak, peakOf(child.pid!))), 50);
  const code = await new Promise<number | null>((done) => child.on('exit', done));
  clearInterval(watch);
  rmSync(output, { force: true });
  if (code !== 0) throw new Error(`the command failed with exit code ${code}\n${log}`);
  print('whole command to csv.gz', `${seconds(started).toFixed(2)} s`);
  print('peak memory of the command', megabytes(peak));
}

/** The most memory that a process has had, in kilobytes; 0 when it is gone. */
function peakOf(pid: number): number {
  try {
    return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

const megabytes = (kilobytes: number): string => `${Math.round(kilobytes / 1024).toLocaleString('en')} MB`;

await main();
