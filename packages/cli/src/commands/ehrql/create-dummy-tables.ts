// `glovebox ehrql create-dummy-tables`: made-up tables that satisfy a definition, as files to look at, change and use
// with --dummy-tables.
import {
  folderAndFormat,
  outputPlace,
  withFileTables,
  type OutputPlace,
  type ResultTable,
  type Tables,
} from '@glovebox/engines';
import { columnsUsed, compareText, definitionRoots, tablesUnder, type Column, type Series } from '@glovebox/language';
import type { Terminal } from '../../command-line.js';
import { orExit } from './exit-codes.js';
import { info } from './log.js';
import { debug, loadDefinition } from './load-definition.js';
import { madeUpTables } from './rows.js';
import { writeResults } from './write-results.js';

export interface CreateDummyTablesOptions {
  readonly definition: string;
  readonly parameters: readonly string[];
  /** A folder, optionally with `:` and a format; standard output when absent. */
  readonly folder?: string;
}

export async function createDummyTables(options: CreateDummyTablesOptions, terminal: Terminal): Promise<void> {
  const { definition: file, parameters, folder } = options;
  const place = await orExit(async () => (folder === undefined ? undefined : folderPlace(folder)));
  const source = { file, args: parameters };
  const loaded = await loadDefinition({ ...source, kind: 'any', isSecure: false }, terminal);
  const definition = loaded.definition.kind === 'test' ? loaded.definition.dataset : loaded.definition;
  info(terminal, 'Generating dummy tables');
  await orExit(async () => {
    // Shows are kept while debugging alone; what the definition prints has been printed already.
    const { shows } = await debug(source, { ...terminal, error: () => {} });
    const shown = shows.flatMap(({ columns, only }) => [
      ...columns.map(({ series }) => series),
      ...(only ? [only] : []),
    ]);
    const tables = await madeUpTables(await withFileTables(definition, process.cwd()), source, terminal, shown);
    const { additionalPopulationConstraint: constraint } = definition.dummyData;
    const roots = [...definitionRoots(definition), ...(constraint ? [constraint] : []), ...shown];
    await writeResults(usedColumns(roots, tables), place, terminal);
  });
}

/** A folder, with a format or for CSV. What stands after a colon is meant as a format, known or not. */
function folderPlace(text: string): OutputPlace {
  const saysFormat = folderAndFormat(text) !== undefined || /:[^/]*$/.test(text);
  return outputPlace(saysFormat ? text : `${text}:csv`);
}

/** Only what the definition reads or shows: patient_id, then the used columns of each table by name. */
function usedColumns(roots: readonly Series[], tables: Tables): readonly ResultTable[] {
  const used = columnsUsed(roots);
  const names = [...new Set(tablesUnder(roots).tables.map((table) => table.name))];
  return names.map((name) => {
    const { columns = [], rows = [] } = tables.get(name) ?? {};
    const selected = new Set([...used].filter(([table]) => table.name === name).flatMap(([, found]) => found));
    const kept = columns.filter((c) => selected.has(c.name)).sort((a, b) => compareText(a.name, b.name));
    const places = kept.map((column) => columns.indexOf(column) + 1);
    const header: readonly Column[] = [{ name: 'patient_id', type: 'int' }, ...kept];
    return { name, columns: header, rows: once(rows.map((row) => [row[0], ...places.map((at) => row[at]!)])) };
  });
}

async function* once<T>(batch: T): AsyncGenerator<T> {
  yield batch;
}
