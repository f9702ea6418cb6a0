// Reads a file of spec/studies/: whole studies in small, each with its files, its tables and the commands that run on them.
// spec/README.md describes the form; whatever is malformed throws with its line.
import { tablesOf, type Cells } from './read-section.js';

export interface StudyRun {
  /** What follows `glovebox ehrql`. */
  readonly words: readonly string[];
  readonly exitCode: number;
  /** All of standard output or, of a run that fails, the parts that standard error has. */
  readonly lines: readonly string[];
  /** Of its block, from 1. */
  readonly line: number;
}
export interface Study {
  readonly title: string;
  /** By path in the study. */
  readonly files: ReadonlyMap<string, string>;
  readonly tables: ReadonlyMap<string, Cells>;
  readonly runs: readonly StudyRun[];
}

const fence = /^```(\w+) ?(.*)$/;

/** @param path for messages */
export function readStudy(path: string, text: string): Study {
  const lines = text.split('\n');
  const files = new Map<string, string>();
  const runs: StudyRun[] = [];
  let tables: Study['tables'] = new Map();
  for (let at = 0; at < lines.length; at++) {
    const [, kind, argument = ''] = fence.exec(lines[at]!) ?? [];
    if (kind === undefined) continue;
    const end = lines.indexOf('```', at + 1);
    const inside = lines.slice(at + 1, end);
    const line = at + 1;
    if (end === -1) throw new Error(`${path}:${line}: the block is not closed`);
    if (kind === 'file') files.set(argument, inside.map((text) => `${text}\n`).join(''));
    else if (kind === 'tables') tables = tablesOf({ kind, argument, lines: inside, line });
    else if (kind === 'run') runs.push({ words: argument.split(' '), exitCode: 0, lines: inside, line });
    else if (kind === 'fails') {
      const [code = '', ...words] = argument.split(' ');
      runs.push({ words, exitCode: Number(code), lines: inside, line });
    } else throw new Error(`${path}:${line}: no such kind of block: ${kind}`);
    at = end;
  }
  const title = /^# (.+)$/.exec(lines[0]!)?.[1];
  if (title === undefined) throw new Error(`${path}: expected a title, "# ...", on the first line`);
  if (runs.length === 0) throw new Error(`${path}: nothing is run`);
  return { title, files, tables, runs };
}

/** A table as the text of a CSV file. */
export function tableCsv({ header, rows }: Cells): string {
  const field = (value: string): string => (/[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  return [header, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');
}
