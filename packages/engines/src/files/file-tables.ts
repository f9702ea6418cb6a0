// Tables that a definition takes from files of the study, for example those that an earlier action made. They are read
// here, by trusted code, and become rows of the definition, so that no engine opens a path that a definition names.
import { realpath } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import {
  replaceFrames,
  tablesUnder,
  definitionRoots,
  type DatasetDefinition,
  type FileTable,
  type Frame,
  type MeasuresDefinition,
  type Series,
} from '@glovebox/language';
import { ProblemError } from '@glovebox/record';
import { problem } from '../problems.js';
import { patientIdColumn } from './file-column.js';
import { collectRows } from './read-file.js';

/**
 * The definition with the rows of its file tables in it.
 *
 * @param directory the study's folder; a path that leaves it, also by a symbolic link, is a problem
 */
export async function withFileTables<D extends DatasetDefinition | MeasuresDefinition>(
  definition: D,
  directory: string,
): Promise<D> {
  const constraint = definition.dummyData.additionalPopulationConstraint;
  const roots = [...definitionRoots(definition), ...(constraint ? [constraint] : [])];
  const { fileTables } = tablesUnder(roots);
  if (fileTables.length === 0) return definition;
  const replacements = new Map<Frame, Frame>();
  for (const table of fileTables) {
    const rows = await readFileTable(table, directory);
    replacements.set(table, { kind: 'inline_table', columns: table.columns, rows });
  }
  const replaced = replaceFrames(roots, replacements);
  const now = new Map(roots.map((series, i) => [series, replaced[i]!]));
  return rebuild(definition, (series) => now.get(series)!) as D;
}

async function readFileTable(table: FileTable, directory: string) {
  const root = await realpath(directory);
  const path = await realpath(resolve(root, table.path)).catch(() => {
    throw new ProblemError(problem('table-file-missing', [table.path]));
  });
  const inside = relative(root, path);
  if (inside === '..' || inside.startsWith(`..${sep}`) || resolve(root, inside) !== path) {
    throw new ProblemError(problem('file-outside', [table.path]));
  }
  const columns = table.columns.map((column) => ({ ...column, isRequired: true }));
  return collectRows(path, [patientIdColumn, ...columns]).catch((error: unknown) => {
    throw error instanceof ProblemError ? relocated(error, path, table.path) : error;
  });
}

/** Names the file as the study does. */
function relocated(error: ProblemError, from: string, to: string): ProblemError {
  return new ProblemError(
    error.problems.map((p) => ({
      ...p,
      message: p.message.replaceAll(from, to),
      ...(p.place ? { place: { ...p.place, path: to } } : {}),
    })),
  );
}

function rebuild(
  definition: DatasetDefinition | MeasuresDefinition,
  now: (series: Series) => Series,
): DatasetDefinition | MeasuresDefinition {
  const named = <N extends { readonly series: Series }>(items: readonly N[]): readonly N[] =>
    items.map((item) => ({ ...item, series: now(item.series) }));
  const constraint = definition.dummyData.additionalPopulationConstraint;
  const dummyData = {
    ...definition.dummyData,
    ...(constraint ? { additionalPopulationConstraint: now(constraint) } : {}),
  };
  if (definition.kind === 'dataset') {
    return {
      ...definition,
      dummyData,
      population: now(definition.population),
      columns: named(definition.columns),
      eventTables: definition.eventTables.map((table) => ({ ...table, columns: named(table.columns) })),
    };
  }
  return {
    ...definition,
    dummyData,
    measures: definition.measures.map((measure) => ({
      ...measure,
      numerator: now(measure.numerator),
      denominator: now(measure.denominator),
      groupBy: named(measure.groupBy),
    })),
  };
}
