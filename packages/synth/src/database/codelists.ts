// The codes of a study's codelists, sorted by the kind of column that would hold them, so that synthetic events carry them.
//
// A codelist file doesn't say which coding system it uses. Columns are recognised by their names and values by their form;
// numeric codes are SNOMED CT unless the file looks like one of medicines, by the namespace in its codes or by its name (by
// name alone isn't certain, so those codes go to both places).
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { ProblemError } from '@glovebox/record';
import { problem } from '../problems.js';
import { saysEnded } from './kinds.js';

/** One codelist's codes, by the draws that they belong to; order is the file's, duplicates are removed. */
export interface CodelistCodes {
  readonly file: string;
  readonly snomed: readonly string[];
  readonly ctv3: readonly string[];
  readonly medicines: readonly string[];
  readonly diagnoses: readonly string[];
  readonly procedures: readonly string[];
  /** Those of `snomed` and `ctv3` whose terms say that a condition is over. */
  readonly endings: readonly string[];
}

const codeColumn = /code|snomed|ctv3|icd|opcs|dmd|^id$/i;
const termColumn = /term|desc|name|preferred/i;
const numeric = /^[1-9][0-9]{5,17}$/;
const medicineNamespace = /1000001(10|11)[0-9]$/;
const medicineName =
  /dmd|medic|drug|prescri|(^|[-_])(rx|meds?)([-_.]|$)|antibiotic|antiviral|inhaler|vaccine-products/i;
const ctv3 = /^([A-Za-z0-9]{5}|[A-Za-z0-9]{4}\.|[A-Za-z0-9]{3}\.\.|[A-Za-z0-9]{2}\.\.\.)$/;
const icd10 = /^[A-Z][0-9]{2}(X[0-9]?|[0-9]{0,2})$/;
const opcs4 = /^[A-HJ-Z][0-9]{2,3}$/;

/**
 * Sorts the values of one file's code columns; values that are no code of any system are left out.
 *
 * @param endings those of the values whose terms say that a condition is over
 */
export function sortCodes(
  fileName: string,
  values: readonly string[],
  endings: ReadonlySet<string> = new Set(),
): CodelistCodes {
  const distinct = [...new Set(values.map((value) => value.trim()))];
  const numbers = distinct.filter((value) => numeric.test(value));
  const isMedicines = numbers.filter((value) => medicineNamespace.test(value)).length * 3 > numbers.length;
  const mayBeMedicines = isMedicines || medicineName.test(fileName);
  const others = distinct.filter((value) => !numeric.test(value));
  const isProcedures = /opcs|procedure/i.test(fileName);
  return {
    file: fileName,
    endings: distinct.filter((value) => endings.has(value)),
    snomed: isMedicines ? [] : numbers,
    medicines: mayBeMedicines ? numbers : [],
    procedures: isProcedures ? others.filter((value) => opcs4.test(value)) : [],
    diagnoses: isProcedures ? [] : others.filter((value) => icd10.test(value)),
    ctv3: others.filter((value) => ctv3.test(value) && !icd10.test(value)),
  };
}

async function csvFiles(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true, recursive: true });
    return entries
      .filter((entry) => entry.isFile() && entry.name.endsWith('.csv'))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  } catch {
    throw new ProblemError(problem('synth-codelist-folder-unreadable', [folder]));
  }
}

async function codesOf(connection: DuckDBConnection, file: string): Promise<CodelistCodes> {
  try {
    const reader = await connection.runAndReadAll(
      `SELECT * FROM read_csv($file, all_varchar = true, header = true, delim = ',', quote = '"', escape = '"',
        null_padding = true, strict_mode = false)`,
      { file },
    );
    const names = reader.columnNames();
    const columns = names.flatMap((name, index) => (codeColumn.test(name) ? [index] : []));
    const termIndex = names.findIndex((name) => termColumn.test(name) && !codeColumn.test(name));
    const endings = new Set<string>();
    const values = reader.getRows().flatMap((row) => {
      const codes = columns.flatMap((index) => (typeof row[index] === 'string' ? [row[index].trim()] : []));
      if (saysEnded(String(row[termIndex] ?? ''))) for (const code of codes) endings.add(code);
      return codes;
    });
    return sortCodes(basename(file), values, endings);
  } catch {
    throw new ProblemError(problem('synth-codelist-unreadable', [file]));
  }
}

/**
 * Reads every CSV file under the folders, in the order of their paths.
 *
 * @returns one entry a file that holds any code.
 * @throws ProblemError for a folder or a file that can't be read.
 */
export async function readCodelists(
  connection: DuckDBConnection,
  folders: readonly string[],
): Promise<CodelistCodes[]> {
  const found: CodelistCodes[] = [];
  for (const folder of folders) {
    for (const file of await csvFiles(folder)) {
      const codes = await codesOf(connection, file);
      const all = [codes.snomed, codes.ctv3, codes.medicines, codes.diagnoses, codes.procedures];
      if (all.some((list) => list.length > 0)) found.push(codes);
    }
  }
  return found;
}
