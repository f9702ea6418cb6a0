// What can be wrong with how an ehrQL command is called, as opposed to what it is given.
import { catalogue } from '@glovebox/record';

const quotedList = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');

export const ehrqlProblems = {
  'permission-not-claimed': (needed: readonly string[], why: readonly string[]) => ({
    message: `The definition needs permissions that it does not claim: ${why.join('; ')}.`,
    hint: `Add these lines to the definition if the project has been approved for this:\n\n    from ehrql import claim_permissions\n\n    claim_permissions(${quotedList(needed)})\n`,
  }),
  'permission-not-granted': (why: readonly string[]) => ({
    message: `The project does not have permissions that the definition needs: ${why.join('; ')}.`,
    hint: 'Remove what needs them from the definition, or ask for the project to be given them.',
  }),
  'permissions-unreadable': () => ({
    message: 'EHRQL_PERMISSIONS is set, and is not a JSON list of names.',
    hint: 'Set it to a list such as ["appointments"], or to [] for none.',
  }),
  'isolation-unknown': (accepted: readonly string[]) => ({
    message: 'EHRQL_ISOLATE_USER_CODE is set to a word that has no meaning.',
    hint: `Accepted: ${accepted.join(', ')}.`,
  }),
  'database-unknown': (dsn: string) => ({
    message: `No engine can open the database ${dsn}.`,
    hint: 'Accepted: duckdb:PATH, the path of a DuckDB file, postgresql://USER@HOST/DATABASE, or the path of a folder of tables (.csv, .csv.gz, .arrow or .parquet).',
  }),
  'database-missing': (path: string) => ({ message: `No database is at ${path}.` }),
  'dialect-unknown': (name: string, known: readonly string[]) => ({
    message: `There is no dialect ${name}.`,
    hint: `Accepted: ${known.join(', ')}.`,
  }),
  'measures-too-slow': (intervalsDone: number, intervals: number, hoursDone: string, hoursLeft: string) => ({
    message: `The measures would take too long: ${intervalsDone} of ${intervals} intervals took ${hoursDone} hours, the others would take about ${hoursLeft} more, and 72 in all are allowed.`,
    hint: 'Use fewer intervals or groups in one run, or share one denominator between measures, so that they are counted together.',
  }),
  'measures-out-of-time': (hours: number) => ({
    message: `The measures took ${hours} hours, which is all that is allowed, and were not done.`,
    hint: 'Use fewer intervals or groups in one run, or share one denominator between measures, so that they are counted together.',
  }),
  'backend-unknown': (name: string, known: readonly string[]) => ({
    message: `There is no backend ${name}.`,
    hint: `Accepted: ${known.join(', ')}, or the path of a class that has one of these as a part.`,
  }),
  'engine-unknown': (name: string, known: readonly string[]) => ({
    message: `There is no query engine ${name}.`,
    hint: `Accepted: ${known.join(', ')}, or the path of a class that has one of these as a part.`,
  }),
  'option-ambiguous': (word: string, matches: readonly string[]) => ({
    message: `The option ${word} could mean ${matches.join(' or ')}.`,
    hint: 'Write enough of it to tell them apart.',
  }),
  'backend-task-unknown': (backend: string, task: string) => ({
    message: `The backend ${backend} has no task ${task}.`,
    hint: 'The only one is `emisv2 cleanup-temp-tables`.',
  }),
  'graph-too-large': (found: number, most: number) => ({
    message: `The query has ${found} steps; a drawing of more than ${most} can't be read.`,
    hint: '`glovebox ehrql explain` sums it up. Columns taken out of the definition make it smaller.',
  }),
  'assurance-failed': (report: string) => ({ message: `AssuranceTestError:\n${report}` }),
  'request-not-json': () => ({
    message: 'The request is not one JSON object on one line.',
    hint: 'Send {"id", "model", "tables"}.',
  }),
  'request-malformed': (what: string) => ({ message: `The request is malformed: ${what}.` }),
};

export const problem = catalogue(ehrqlProblems);
