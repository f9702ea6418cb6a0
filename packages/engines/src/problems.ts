// What can be wrong with the data or with executing a query, in words for a researcher. No message holds a value of a
// table: a row number and a column say where to look.
import { catalogue } from '@glovebox/record';

export const engineProblems = {
  'integer-overflow': () => ({
    message: 'A calculation gave an int outside -2^63 to 2^63-1.',
    hint: 'Calculate with floats (as_float) where numbers get that large.',
  }),
  'integer-too-large': () => ({
    message: 'An integer of the definition has more than 64 bits; engines store integers from -2^63 to 2^63-1.',
    hint: 'Use a smaller number, or a float.',
  }),
  'name-not-usable': () => ({
    message: 'The name of a table or column holds the character zero, which no database accepts.',
    hint: 'Rename the table or column.',
  }),
  'text-not-storable': (database: string) => ({
    message: `A text of the definition holds the character zero, which ${database} can't store.`,
    hint: 'Remove the character from the text.',
  }),
  'float-not-storable': (database: string) => ({
    message: `A float of the definition is infinite, not a number or next to zero, which ${database} can't store.`,
    hint: 'Use a finite number, and zero for one that is so close to it.',
  }),
  'float-overflow': () => ({
    message: 'A sum or mean of floats is too large for the database.',
    hint: 'Leave out the values that are too large, or divide them first.',
  }),
  'database-not-reachable': () => ({
    message: 'The database could not be reached, refused the connection, or ended it.',
    hint: 'Check the address, the name, the password and the network; then try again.',
  }),
  'database-busy': () => ({
    message:
      'The database could not answer for the moment: it is starting, stopping, or busy with what this run collides with.',
    hint: 'Run it again in a few minutes.',
  }),
  'database-importing': () => ({
    message: 'The database, or a table that the definition uses, is being filled by another process.',
    hint: 'Run it again when that has ended.',
  }),
  'query-too-complex': () => ({
    message: 'The database could not plan the query, because it is too deep or has too many columns or tables.',
    hint: 'Split the definition into several smaller ones, or keep long chains of conditions in lists of codes.',
  }),
  'database-failed': (kind: string) => ({
    message: `The database failed to run a statement of the query (${kind}).`,
    hint: 'Run it again; if it fails again, the log of the database says more.',
  }),
  'table-missing': (table: string) => ({
    message: `The database has no table called ${table}.`,
    hint: 'Check that the definition names the tables of this database.',
  }),
  'table-not-offered': (table: string, backend: string) => ({
    message: `The backend ${backend} has no table called ${table} for studies.`,
    hint: 'Use the tables of the namespaces that this backend has.',
  }),
  'column-not-offered': (table: string, column: string, backend: string) => ({
    message: `The table ${table} of the backend ${backend} has no column ${column} of this type for studies.`,
    hint: 'Import the table from ehrql.tables instead of declaring it, and use the columns that it has there.',
  }),
  'table-shape': (table: string, rows: 'one' | 'many') => ({
    message: `The definition declares ${table} in another shape than the backend, where it has ${rows === 'one' ? 'one row' : 'any number of rows'} a patient.`,
    hint: 'Import the table from ehrql.tables instead of declaring it.',
  }),
  'backend-differs': (wanted: string, found: string) => ({
    message: `The database is of the backend ${found}, and ${wanted} was asked for.`,
    hint: 'Leave --backend out, or name the backend of the database.',
  }),
  'column-missing': () => ({
    message: 'The database lacks a column that the definition uses.',
    hint: 'Compare the columns of the definition with those of the database.',
  }),
  'database-not-readable': () => ({
    message: 'The database could not be opened; a DuckDB database file that can be read is needed.',
    hint: 'Check the path, and whether the file is whole.',
  }),
  'engine-out-of-memory': () => ({
    message: 'The query needs more memory or temporary disk space than the engine may use.',
    hint: 'Raise the memory limit, or ask for fewer columns or groups at once.',
  }),
  'query-cancelled': () => ({ message: 'The query was cancelled before it finished.' }),
  'parameter-in-dataset': () => ({
    message: 'INTERVAL is used in a dataset; it has a meaning only in measures.',
    hint: 'Use fixed dates in a dataset, or define measures.',
  }),
  'population-includes-everyone': () => ({
    message: 'The population is true for a patient about whom nothing is recorded, so it has no end.',
    hint: 'Add a condition that needs a record, for example `& patients.exists_for_patient()`.',
  }),
  'folder-missing': (path: string) => ({
    message: `No folder of tables is at ${path}.`,
    hint: 'Make one with create-dummy-tables, or correct the path.',
  }),
  'folder-mixed': (path: string, found: string) => ({
    message: `${path} holds tables in several formats (${found}); all must be of one.`,
    hint: 'Remove the files of the other formats.',
  }),
  'folder-empty': (path: string) => ({
    message: `${path} holds no tables: no file in it ends in .csv, .csv.gz, .arrow or .parquet.`,
    hint: 'Make the tables with create-dummy-tables.',
  }),
  'table-file-missing': (path: string) => ({
    message: `No file is at ${path}.`,
    hint: 'Correct the path or add the file; a table without rows is a file that holds only the header.',
  }),
  'file-unreadable': (path: string, why: string) => ({ message: `${path} can't be read: ${why}.` }),
  'file-outside': (path: string) => ({
    message: `The path ${path} is outside the study.`,
    hint: 'Use a path below the folder that the command runs in.',
  }),
  'file-kind': (path: string) => ({
    message: `${path} is not a kind of file that can be read here: expected .csv, .csv.gz, .arrow or .parquet.`,
  }),
  'file-empty': (path: string) => ({
    message: `${path} is empty: expected a header line with the names of the columns.`,
  }),
  'csv-missing-columns': (missing: string, found: string) => ({
    message: `The file lacks columns: ${missing}.`,
    hint: `Columns found: ${found}.`,
  }),
  'csv-duplicate-column': (name: string) => ({ message: `The file has the column ${name} twice.` }),
  'file-column-type': (column: string, expected: string, found: string) => ({
    message: `The column ${column} has the type ${found}: expected ${expected}.`,
    hint: 'Write the file again with a column of that type.',
  }),
  'csv-row-width': (row: number, found: number, expected: number) => ({
    message: `Row ${row} has ${found} fields; the header has ${expected}.`,
  }),
  'csv-malformed': (row: number) => ({
    message: `Row ${row} is not valid CSV: a quote is not closed, or stands in the middle of a field.`,
  }),
  'csv-value': (row: number, column: string, expected: string) => ({
    message: `Row ${row}, column ${column}: expected ${expected}.`,
  }),
  'output-kind': (path: string) => ({
    message: `The output ${path} has no known format.`,
    hint: 'Accepted: a path that ends in .csv, .csv.gz or .arrow, or a folder and a format such as results/:csv.',
  }),
  'output-one-file': (tables: string) => ({
    message: `The result has several tables (${tables}) and the output names one file.`,
    hint: 'Give a folder and a format instead, for example --output results/:csv',
  }),
  'output-value': (column: string, expected: string) => ({
    message: `A value of the output column ${column} doesn't fit its type in an Arrow file: expected ${expected}.`,
    hint: 'Write .csv.gz instead, or change the column so that its values are among those expected.',
  }),
  'output-failed': (path: string, why: string) => ({ message: `The output ${path} can't be written: ${why}.` }),
  'test-data-malformed': (where: string, what: string) => ({ message: `test_data is malformed at ${where}: ${what}.` }),
};

export const problem = catalogue(engineProblems);
