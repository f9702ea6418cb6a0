// `glovebox ehrql debug`: every `show()` of a definition with its values, over tables made by hand or made up. What ran
// before an error is shown too, since that is when it is needed most.
import { watch, type FSWatcher } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { readTables } from '@glovebox/engines';
import {
  definitionRoots,
  type DatasetDefinition,
  type Debugging,
  type MeasuresDefinition,
  type Series,
} from '@glovebox/language';
import { renderProblem } from '@glovebox/record';
import { CommandFailure, type Terminal } from '../../command-line.js';
import { orExit } from './exit-codes.js';
import { debug } from './load-definition.js';
import { madeUpTables } from './rows.js';
import { asHtml, asText } from './show-text.js';
import { shownTables } from './shown-tables.js';

export interface DebugOptions {
  readonly definition: string;
  readonly parameters: readonly string[];
  readonly dummyTables?: string;
  readonly displayFormat: 'ascii' | 'html';
  /** Repeats whenever a file that the definition read is saved. */
  readonly isWatching: boolean;
  /** Ends the watching. */
  readonly signal?: AbortSignal;
}

export async function debugDefinition(options: DebugOptions, terminal: Terminal): Promise<void> {
  if (!options.isWatching) {
    const debugged = await once(options, terminal);
    if (debugged.problems.length > 0) throw new CommandFailure(debugged.exitCode, debugged.problems);
    return;
  }
  while (options.signal?.aborted !== true) {
    const files = await again(options, terminal);
    terminal.error(`\nWaiting for ${files.length === 1 ? files[0] : `one of ${files.length} files`} to be saved.\n`);
    await changed(files, options.signal);
  }
}

/** One round of watching: problems are printed and don't end it. */
async function again(options: DebugOptions, terminal: Terminal): Promise<readonly string[]> {
  try {
    const { problems, files } = await once(options, terminal);
    if (problems.length > 0) terminal.error(`${problems.map(renderProblem).join('\n\n')}\n`);
    return [...new Set([options.definition, ...files.filter((file) => file.isThere).map((file) => file.path)])];
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    terminal.error(`${error.message}\n`);
    return [options.definition];
  }
}

async function once(options: DebugOptions, terminal: Terminal): Promise<Debugging> {
  const debugged = await debug({ file: options.definition, args: options.parameters }, terminal);
  const { definition, shows } = debugged;
  const data = definition?.kind === 'test' ? definition.dataset : definition;
  const isPage = options.displayFormat === 'html';
  const source = (touched: Data, shown: readonly Series[]) => tablesFor(touched, shown, options, terminal);
  const tables = await orExit(() => shownTables(shows, data, { source, hasSteps: isPage }));
  terminal.out(isPage ? asHtml(tables, options.definition) : asText(tables));
  if (tables.length === 0 && debugged.problems.length === 0) {
    terminal.error(
      'The definition shows nothing: put `show(...)` of `from ehrql import show` where values are of interest.\n',
    );
  }
  return debugged;
}

type Data = DatasetDefinition | MeasuresDefinition;

function tablesFor(touched: Data, shown: readonly Series[], options: DebugOptions, terminal: Terminal) {
  const { definition: file, parameters: args, dummyTables } = options;
  return dummyTables === undefined
    ? madeUpTables(touched, { file, args }, terminal, shown)
    : readTables(dummyTables, [...definitionRoots(touched), ...shown]);
}

/** Ends when one of the files is written or replaced. Folders are watched, because editors replace files. */
async function changed(files: readonly string[], signal: AbortSignal | undefined): Promise<void> {
  const paths = files.map((file) => resolve(file));
  const names = new Map<string, Set<string>>();
  for (const path of paths) names.set(dirname(path), (names.get(dirname(path)) ?? new Set()).add(basename(path)));
  const watchers: FSWatcher[] = [];
  try {
    await new Promise<void>((done) => {
      signal?.addEventListener('abort', () => done(), { once: true });
      for (const [folder, wanted] of names) {
        watchers.push(watch(folder, (_, name) => (name === null || wanted.has(name) ? done() : undefined)));
      }
    });
  } finally {
    for (const watcher of watchers) watcher.close();
  }
}
