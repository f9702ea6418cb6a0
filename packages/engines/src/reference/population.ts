// Who a definition is about. A population can only be true for a patient about whom something is recorded, so the
// patients in the tables that it touches are all there are to ask about.
import { replaceFrames, tablesUnder, type Frame, type Series } from '@glovebox/language';
import type { Problem } from '@glovebox/record';
import { problem } from '../problems.js';
import type { Tables } from '../tables.js';
import { evaluator } from './evaluate.js';

/** The ids, ascending, of the patients in any table that the series touches. */
export function patientsIn(series: readonly Series[], tables: Tables): readonly bigint[] {
  const { tables: used, inlineTables } = tablesUnder(series);
  const ids = new Set<bigint>();
  for (const { name } of used) for (const row of tables.get(name)?.rows ?? []) ids.add(row[0]);
  for (const { rows } of inlineTables) for (const row of rows) ids.add(row[0]);
  return [...ids].sort((a, b) => (a < b ? -1 : 1));
}

/**
 * The problem of a population that is true where nothing is recorded: engines would disagree on how many such patients
 * there are. NULL and false are fine.
 */
export function populationProblem(population: Series): Problem | undefined {
  const nobody = 1n;
  const [value] = evaluator(new Map(), [nobody], new Map()).patientValues(withoutRows(population));
  return value === true ? problem('population-includes-everyone', []) : undefined;
}

/** Tables whose rows stand in the definition count as empty too. */
function withoutRows(population: Series): Series {
  const { inlineTables, fileTables } = tablesUnder([population]);
  const empty = [...inlineTables, ...fileTables].map((table): [Frame, Frame] => [
    table,
    { kind: 'inline_table', columns: table.columns, rows: [] },
  ]);
  return replaceFrames([population], new Map(empty))[0]!;
}
