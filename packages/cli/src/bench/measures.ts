// `npm run bench:measures`: how fast measures run. Those of the example study beside a hand-written query of the same table,
// for one week and for many, and with groups that stay the same over all weeks; or, with --hundred, a hundred measures
// at once. Nothing is assumed about the machine: what is compared is timed in the same run, and its sums must be equal.
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { extractCells, openDuckDb, type DuckDb } from '@glovebox/engines';
import { evaluateDefinition, substituteParameters, type MeasuresDefinition } from '@glovebox/language';
import { generateDatabase } from '@glovebox/synth';
import { floorGroups, floorSql, prepareFloor } from './floor.js';
import { clock, median, megabytes, print, ratio, timeText, type Time } from './timing.js';
import { wholeCommand } from './whole-command.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const study = join(root, 'studies', 'winter-pressures');
const definitionFile = 'analysis/wp_patient_measures_def.py';
const hundred = fileURLToPath(new URL('../../bench/hundred_measures.py', import.meta.url));

interface Sums extends Time {
  readonly cells: number;
  readonly rows: number;
  /** Over all cells: the denominator, then each numerator. */
  readonly totals: readonly number[];
}

interface Options {
  readonly patients: number;
  readonly intervals: number;
  readonly command: boolean;
  readonly hundred?: boolean;
  readonly groups: number;
  readonly repeats: number;
}

async function main(): Promise<void> {
  const options = new Command('bench:measures')
    .option('--patients <n>', 'how many patients', Number, 100_000)
    .option('--intervals <n>', 'also time so many weekly intervals in one run', Number, 1)
    .option('--hundred', 'instead of the study, time a hundred measures')
    .option('--groups <n>', 'with --hundred: by so many characteristics, up to 11', Number, 2)
    .option('--repeats <n>', 'runs of each, of which the median counts', Number, 3)
    .option('--no-command', 'leave out the whole command')
    .parse()
    .opts<Options>();
  const path = await database(options.patients);
  print('patients', options.patients.toLocaleString('en'));
  const settings = { path, threads: 2, temporaryDirectory: join(tmpdir(), `glovebox-bench-${process.pid}`) };
  const db = await openDuckDb({ ...settings, memoryLimit: '6GB' });
  try {
    if (options.hundred === true) await benchHundred(db, path, options);
    else await benchStudy(db, path, options);
  } finally {
    db.close();
    rmSync(settings.temporaryDirectory, { recursive: true, force: true });
  }
}

async function benchStudy(db: DuckDb, path: string, { intervals, command, repeats }: Options): Promise<void> {
  const definition = await evaluate(study, definitionFile);
  await prepareFloor(db, study);
  // The first run of each reads the file into memory and has its code compiled.
  await runFloor(db, 1);
  await runQuery(db, definition);
  const floor = await median(repeats, () => runFloor(db, 1));
  const single = await median(repeats, () => runQuery(db, definition));
  report('hand-written query', floor);
  report('query', single);
  print('query / hand-written', ratio(single, floor));
  expectEqual(floor, single);
  if (intervals > 1) await benchIntervals(db, definition, intervals, { floor, single });
  print('peak memory of the queries', megabytes(process.resourceUsage().maxRSS));
  if (command) {
    await wholeCommand({
      glovebox: join(root, 'glovebox'),
      directory: study,
      definition: definitionFile,
      database: path,
    });
  }
}

async function benchIntervals(
  db: DuckDb,
  definition: MeasuresDefinition,
  intervals: number,
  { floor, single }: { readonly floor: Sums; readonly single: Sums },
): Promise<void> {
  const many = await median(1, () => runQuery(db, weekly(definition, intervals)));
  // What the machine does meanwhile is the same for these as for those: single runs after it count as well.
  const again = await median(3, () => runQuery(db, definition));
  const fastest = again.processor < single.processor ? again : single;
  report(`${intervals} weeks, patients grouped afresh in each`, many);
  print(`  / ${intervals} × a single run`, ratio(many, fastest, intervals));
  const manyFloor = await runFloor(db, intervals);
  report(`${intervals} hand-written queries, one a week`, manyFloor);
  print('  query / hand-written', ratio(many, manyFloor));
  expectEqual(manyFloor, many);
  const fixed = fixedGroups(definition);
  const one = await median(3, () => runQuery(db, weekly(fixed, 1)));
  const all = await median(1, () => runQuery(db, weekly(fixed, intervals)));
  report('one week, groups of a fixed day', one);
  report(`${intervals} weeks, groups of a fixed day`, all);
  print('  / a single run', ratio(all, one));
  print('  a single hand-written query / this one', ratio(one, floor));
}

async function benchHundred(db: DuckDb, path: string, { intervals, groups, command }: Options): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'glovebox-bench-study-'));
  try {
    cpSync(join(study, 'codelists'), join(directory, 'codelists'), { recursive: true });
    mkdirSync(join(directory, 'analysis'));
    const file = 'analysis/hundred_measures.py';
    copyFileSync(hundred, join(directory, file));
    const args = [String(groups), String(intervals)];
    const definition = await evaluate(directory, file, args);
    print('measures, groups, weeks', `${definition.measures.length}, ${groups}, ${intervals}`);
    report('query', await runQuery(db, definition));
    print('peak memory of the query', megabytes(process.resourceUsage().maxRSS));
    if (command) {
      await wholeCommand({ glovebox: join(root, 'glovebox'), directory, definition: file, args, database: path });
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function database(patients: number): Promise<string> {
  const path = join(root, '.cache', 'bench', `synthetic-${patients}.duckdb`);
  if (existsSync(path)) return path;
  const time = clock();
  await generateDatabase({ path, patients, codelistFolders: [join(study, 'codelists')] });
  print('database made in', `${time().seconds.toFixed(1)} s`);
  return path;
}

async function evaluate(directory: string, file: string, args: readonly string[] = []): Promise<MeasuresDefinition> {
  const time = clock();
  const result = await evaluateDefinition({ file, directory, kind: 'measures', args });
  if (!result.ok) throw new Error(result.problems.map((p) => p.message).join('\n'));
  if (result.definition.kind !== 'measures') throw new Error('expected measures');
  print('definition evaluated in', `${time().seconds.toFixed(2)} s`);
  return result.definition;
}

async function runQuery(db: DuckDb, definition: MeasuresDefinition): Promise<Sums> {
  const time = clock();
  const totals = Array.from({ length: definition.measures.length + 1 }, () => 0);
  let [cells, rows] = [0, 0];
  for await (const batch of extractCells(db, definition)) {
    cells += batch.size;
    rows += batch.size * batch.measures.length;
    for (const [at, counts] of [batch.denominators, ...batch.numerators].entries()) {
      for (const count of counts) totals[at]! += Number(count);
    }
  }
  return { ...time(), cells, rows, totals };
}

/** The hand-written query for the first so many weeks, one after the other. */
async function runFloor(db: DuckDb, weeks: number): Promise<Sums> {
  const time = clock();
  const totals: number[] = [];
  let cells = 0;
  for (const { start, end } of weeksFrom(weeks)) {
    for await (const chunk of db.chunks(floorSql(start, end))) {
      cells += chunk.rowCount;
      for (let at = floorGroups; at < chunk.columnCount; at++) {
        const total = totals[at - floorGroups] ?? 0;
        totals[at - floorGroups] = chunk.getColumnValues(at).reduce<number>((sum, value) => sum + Number(value), total);
      }
    }
  }
  return { ...time(), cells, rows: cells * (totals.length - 1), totals };
}

function weeksFrom(weeks: number): readonly { readonly start: string; readonly end: string }[] {
  const day = (offset: number): string => new Date(Date.UTC(2022, 0, 3 + offset)).toISOString().slice(0, 10);
  return Array.from({ length: weeks }, (_, at) => ({ start: day(7 * at), end: day(7 * at + 6) }));
}

/** The same measures over so many weeks. */
function weekly(definition: MeasuresDefinition, weeks: number): MeasuresDefinition {
  const intervals = weeksFrom(weeks);
  return { ...definition, measures: definition.measures.map((measure) => ({ ...measure, intervals })) };
}

/** The same measures by a few characteristics on the first day: only which events are counted depends on the week. */
function fixedGroups(definition: MeasuresDefinition): MeasuresDefinition {
  const [{ denominator, groupBy }] = definition.measures as [MeasuresDefinition['measures'][number]];
  const few = groupBy.filter(({ name }) => ['age_band', 'sex', 'imd_quintile', 'region'].includes(name));
  const [first] = weeksFrom(1);
  const [fixed, ...series] = substituteParameters([denominator, ...few.map((group) => group.series)], first!);
  const groups = few.map(({ name }, at) => ({ name, series: series[at]! }));
  return {
    ...definition,
    measures: definition.measures.map((measure) => ({ ...measure, denominator: fixed!, groupBy: groups })),
  };
}

function expectEqual(a: Sums, b: Sums): void {
  if (JSON.stringify(a.totals) !== JSON.stringify(b.totals) || a.cells !== b.cells) {
    throw new Error('the two queries give different sums');
  }
  print('  sums of all measures', 'equal');
}

const report = (label: string, sums: Sums): void =>
  print(label, `${timeText(sums)}   ${sums.cells.toLocaleString('en')} cells, ${sums.rows.toLocaleString('en')} rows`);

await main();
