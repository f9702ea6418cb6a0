// Runs a dataset definition over small tables in memory. It is the reference that other engines are held against: clear
// before fast, though each node is still evaluated only once.
import {
  categoriesOf,
  definitionRoots,
  domainOf,
  patientDomain,
  tieBreaks,
  typeOf,
  type DatasetDefinition,
  type EventDomain,
  type NamedSeries,
  type Nullable,
} from '@glovebox/language';
import { rangeOf } from '../files/integer-range.js';
import type { ResultColumn, ResultTable, Tables } from '../tables.js';
import { evaluator } from './evaluate.js';
import { compareNullable } from './order.js';
import { patientsIn } from './population.js';

/** One output table in memory; each row has a value for every column, `patient_id` first. */
export interface TableResult {
  readonly name: string;
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly (readonly Nullable[])[];
}

const patientId: ResultColumn = { name: 'patient_id', type: 'int' };

/** The output column of a series: its name, type, and what is known of its values. */
export function resultColumn({ name, series }: NamedSeries): ResultColumn {
  const [type, categories] = [typeOf(series), categoriesOf(series)];
  const range = type === 'int' ? rangeOf(series) : undefined;
  return { name, type, ...(categories ? { categories } : {}), ...(range ? { range } : {}) };
}

/** The columns of each output table: `dataset`, then the event tables. */
export function datasetColumns(definition: DatasetDefinition): readonly Omit<TableResult, 'rows'>[] {
  return [{ name: 'dataset', columns: definition.columns }, ...definition.eventTables].map((table) => ({
    name: table.name,
    columns: [patientId, ...table.columns.map(resultColumn)],
  }));
}

/**
 * @param tables by query table name; a column that one lacks is NULL, a table that is not there has no rows
 * @returns the table `dataset`, then the event tables; rows by ascending patient id, those of one patient by the values of
 * their columns from the first to the last, NULL first: the order that every engine gives
 */
export function runDataset(definition: DatasetDefinition, tables: Tables): readonly TableResult[] {
  const ties = tieBreaks(definitionRoots(definition));
  const candidates = patientsIn([definition.population], tables);
  const isMember = evaluator(tables, candidates, ties).patientValues(definition.population);
  const members = candidates.filter((_, i) => isMember[i] === true);
  const evaluate = evaluator(tables, members, ties);
  const columns = definition.columns.map((column) => evaluate.patientValues(column.series));
  const patientRows = members.map((id, i) => [id, ...columns.map((values) => values[i]!)]);
  const eventRows = definition.eventTables.map((table) => {
    const series = table.columns.map((column) => column.series);
    const domain = series.map(domainOf).find((d) => d !== patientDomain) as EventDomain;
    return evaluate
      .eventRows(series, domain)
      .flatMap((rows, i) => [...rows].sort(compareRows).map((row) => [members[i]!, ...row]));
  });
  const rows = [patientRows, ...eventRows];
  return datasetColumns(definition).map((table, i) => ({ ...table, rows: rows[i]! }));
}

function compareRows(a: readonly Nullable[], b: readonly Nullable[]): number {
  for (let at = 0; at < a.length; at++) {
    const order = compareNullable(a[at]!, b[at]!);
    if (order !== 0) return order;
  }
  return 0;
}

/** A result in memory in the form of one that streams. */
export function asStream(result: TableResult): ResultTable {
  const batches = async function* (): AsyncGenerator<readonly (readonly Nullable[])[]> {
    for (let start = 0; start < result.rows.length; start += 1000) yield result.rows.slice(start, start + 1000);
  };
  return { name: result.name, columns: result.columns, rows: batches() };
}
