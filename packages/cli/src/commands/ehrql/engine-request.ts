// One request of `engine --stdio`: a query model and small tables, answered with the rows of its result. Everything in a
// request is untrusted, and every answer is one line.
import {
  measuresTable,
  populationProblem,
  runDataset,
  runMeasures,
  type Row,
  type TableResult,
  type TableRows,
  type Tables,
} from '@glovebox/engines';
import {
  isIsoDate,
  readDefinition,
  storageOf,
  tablesUsed,
  type Column,
  type DatasetDefinition,
  type MeasuresDefinition,
  type Nullable,
  type SeriesType,
} from '@glovebox/language';
import { ProblemError, type Problem } from '@glovebox/record';
import { exactJson, parseExactly } from './exact-json.js';
import { problem } from './problems.js';

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The answer to one line, without the line break. Never throws for what a request says. */
export function answerRequest(line: string): string {
  let id: unknown = null;
  try {
    const request = parse(line);
    id = request['id'] ?? null;
    return `{"id":${JSON.stringify(id)},${answer(request)}}`;
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return JSON.stringify({ id, problem: publicProblem(error.problems[0]!) });
  }
}

const publicProblem = ({ code, message, hint }: Problem) => ({ code, message, ...(hint ? { hint } : {}) });

const refuse = (what: string): never => {
  throw new ProblemError(problem('request-malformed', [what]));
};

function parse(line: string): Record<string, unknown> {
  try {
    const request = parseExactly(line);
    if (isObject(request)) return request;
  } catch {
    // Reported below, like any other value that is not an object.
  }
  throw new ProblemError(problem('request-not-json', []));
}

/** The model is the document itself, or its text as `ehrql.serializer.serialize` returns it. */
function model(given: unknown): unknown {
  if (typeof given !== 'string') return given;
  try {
    return parseExactly(given);
  } catch {
    return refuse('the text of the model is not JSON');
  }
}

function answer(request: Record<string, unknown>): string {
  const read = readDefinition(model(request['model']));
  if (!read.ok) throw new ProblemError(read.problems);
  const definition = read.definition.kind === 'test' ? read.definition.dataset : read.definition;
  const [main, ...events] = run(definition, readTables(request['tables'] ?? {}, definition));
  const eventTables = events.map((table) => `${JSON.stringify(table.name)}:{${tableJson(table)}}`).join();
  return tableJson(main!) + (events.length > 0 ? `,"event_tables":{${eventTables}}` : '');
}

function run(definition: DatasetDefinition | MeasuresDefinition, tables: Tables): readonly TableResult[] {
  if (tablesUsed(definition).fileTables.length > 0) refuse('a model with tables from files can not be run here');
  if (definition.kind === 'measures') return [measuresTable(definition, runMeasures(definition, tables))];
  const endless = populationProblem(definition.population);
  if (endless) throw new ProblemError(endless);
  return runDataset(definition, tables);
}

function tableJson({ columns, rows }: TableResult): string {
  const names = columns.map((column) => `${JSON.stringify(column.name)}:`);
  const lines = rows.map((row) => `{${row.map((value, i) => names[i] + exactJson(value, columns[i]!.type)).join()}}`);
  const header = JSON.stringify(columns.map(({ name, type }) => ({ name, type })));
  return `"columns":${header},"rows":[${lines.join()}]`;
}

/** The tables that the definition uses; one that isn't given has no rows, a column that a row lacks is NULL. */
function readTables(json: unknown, definition: DatasetDefinition | MeasuresDefinition): Tables {
  if (!isObject(json)) return refuse('tables must be an object');
  const columns = new Map<string, Map<string, Column>>();
  for (const table of tablesUsed(definition).tables) {
    const known = columns.get(table.name) ?? new Map<string, Column>();
    for (const column of table.columns) known.set(column.name, column);
    columns.set(table.name, known);
  }
  return new Map(
    [...columns].map(([name, byName]) => {
      const given = Object.hasOwn(json, name) ? json[name] : [];
      if (!Array.isArray(given)) return refuse(`the table ${JSON.stringify(name)} must be a list of rows`);
      return [name, readRows(name, given as readonly unknown[], [...byName.values()])];
    }),
  );
}

function readRows(table: string, given: readonly unknown[], columns: readonly Column[]): TableRows {
  const rows = given.map((item, i): Row => {
    const row = isObject(item) ? item : refuse(`row ${i + 1} of ${table} must be an object`);
    const value = (name: string, type: SeriesType): Nullable => {
      const found = Object.hasOwn(row, name) ? jsonValue(row[name], type) : null;
      return found === undefined ? refuse(`row ${i + 1} of ${table}: ${name} must be ${type}`) : found;
    };
    const id = value('patient_id', 'int');
    if (id === null) return refuse(`row ${i + 1} of ${table} has no patient_id`);
    return [id as bigint, ...columns.map((column) => value(column.name, column.type))];
  });
  return { columns, rows };
}

const namedFloats = new Map<unknown, number>([
  ['nan', NaN],
  ['inf', Infinity],
  ['-inf', -Infinity],
]);

/** A value of a type from JSON, or undefined when it is not one. */
function jsonValue(json: unknown, type: SeriesType): Nullable | undefined {
  if (json === null) return null;
  switch (storageOf(type)) {
    case 'boolean':
      return typeof json === 'boolean' ? json : undefined;
    case 'bigint': {
      if (typeof json !== 'number' && typeof json !== 'string') return undefined;
      if (!/^-?\d{1,19}$/.test(String(json))) return undefined;
      const value = BigInt(json);
      return BigInt.asIntN(64, value) === value ? value : undefined;
    }
    case 'number':
      if (typeof json === 'number') return json;
      return namedFloats.get(json) ?? (typeof json === 'string' && /^-?\d{16,}$/.test(json) ? Number(json) : undefined);
    case 'string':
    default:
      if (typeof json !== 'string') return undefined;
      return type !== 'date' || isIsoDate(json) ? json : undefined;
  }
}
