// Evaluates the definition file of a command, confined as the run demands, and ends the command when it has problems.
import { appendFileSync, statSync } from 'node:fs';
import {
  debugDefinition,
  evaluateDefinition,
  languageProblems,
  tablesUsed,
  type DatasetDefinition,
  type Debugging,
  type Evaluation,
  type MeasuresDefinition,
  type TestDefinition,
} from '@glovebox/language';
import type { Problem, Sandbox } from '@glovebox/record';
import { bubblewrapSandbox } from '@glovebox/sandbox';
import { CommandFailure, type Terminal } from '../../command-line.js';
import { exitCodes } from './exit-codes.js';
import { problem } from './problems.js';

export interface LoadRequest {
  readonly file: string;
  readonly args: readonly string[];
  readonly kind: 'dataset' | 'measures' | 'test' | 'any';
  /** Whether the run reads a database: then the definition is only evaluated in a sandbox. */
  readonly isSecure: boolean;
}

export type DefinitionSource = Pick<LoadRequest, 'file' | 'args'>;

export type Loaded = Extract<Evaluation, { ok: true }>;

/** Evaluates; what the definition printed goes to standard error. */
export async function loadDefinition(request: LoadRequest, terminal: Terminal): Promise<Loaded> {
  const { file, args, kind, isSecure } = request;
  const evaluation = await confined(isSecure, (sandbox) =>
    evaluateDefinition({ file, args, kind, directory: process.cwd(), ...(sandbox ? { sandbox } : {}) }),
  );
  if (evaluation.printed !== '') terminal.error(evaluation.printed.replace(/\n?$/, '\n'));
  if (!evaluation.ok) {
    const { problems, exitCode, traceback } = evaluation;
    if (traceback !== undefined) terminal.error(`Error loading file '${request.file}':\n\n${traceback.trimEnd()}\n\n`);
    throw new CommandFailure(exitCode, problems);
  }
  reportFilesRead(evaluation);
  return evaluation;
}

/** Tells whoever started this command, when asked to, which files it is made from: opened by the definition, or for its tables. */
function reportFilesRead({ files, listsFolders, definition }: Loaded): void {
  const report = process.env['GLOVEBOX_FILES_READ'];
  if (report === undefined) return;
  const tables = definition.kind === 'test' ? [] : tablesUsed(definition).fileTables;
  const ofTables = tables.map(({ path }) => ({ path, isThere: true }));
  appendFileSync(report, `${JSON.stringify({ files: [...files, ...ofTables], listsFolders })}\n`);
}

/** Runs a definition, never on patient data, for what it shows; what it printed goes to standard error. */
export async function debug({ file, args }: DefinitionSource, terminal: Terminal): Promise<Debugging> {
  const debugged = await confined(false, (sandbox) =>
    debugDefinition({ file, args, directory: process.cwd(), ...(sandbox ? { sandbox } : {}) }),
  );
  if (debugged.printed !== '') terminal.error(debugged.printed.replace(/\n?$/, '\n'));
  return debugged;
}

/**
 * The definition once more, never on patient data, with the lines on which its conditions were written (see `placeOf`).
 * Undefined when it can't be had: then a message does without lines. What it prints has been printed already.
 */
export async function locateDefinition<K extends 'dataset' | 'measures'>(
  { file, args }: DefinitionSource,
  kind: K,
): Promise<Extract<Loaded['definition'], { kind: K }> | undefined> {
  const evaluation = await confined(false, (sandbox) =>
    evaluateDefinition({
      file,
      args,
      kind,
      directory: process.cwd(),
      withPlaces: true,
      ...(sandbox ? { sandbox } : {}),
    }),
  );
  const isRight = evaluation.ok && evaluation.definition.kind === kind;
  return isRight ? (evaluation.definition as Extract<Loaded['definition'], { kind: K }>) : undefined;
}

const isolations: readonly string[] = ['default', 'always', 'never'];

/**
 * What has to be around the process that evaluates a definition. On a machine that is set up for a database, which is more than a
 * folder of tables, a definition is not evaluated without walls, whatever it is evaluated for.
 */
export function confinementFor(
  isSecure: boolean,
  environment: NodeJS.ProcessEnv,
): 'required' | 'where there is one' | 'none' {
  const wanted = environment['EHRQL_ISOLATE_USER_CODE'] || 'default';
  // A word that is nearly one of these must not take a wall away.
  if (!isolations.includes(wanted)) {
    throw new CommandFailure(exitCodes.usage, [problem('isolation-unknown', [isolations])]);
  }
  if (isSecure || wanted === 'always') return 'required';
  if (wanted === 'never') return 'none';
  const dsn = environment['DATABASE_URL'] ?? '';
  const isFolder = statSync(dsn.replace(/^duckdb:/, ''), { throwIfNoEntry: false })?.isDirectory() === true;
  return dsn === '' || isFolder ? 'where there is one' : 'required';
}

/** Does something in a sandbox as `confinementFor` says; refused where one is required and can't be had. */
async function confined<T>(isSecure: boolean, within: (sandbox?: Sandbox) => Promise<T>): Promise<T> {
  const confinement = confinementFor(isSecure, process.env);
  if (confinement === 'none') return within();
  const sandbox = bubblewrapSandbox();
  if (confinement === 'required') {
    const missing = await sandbox.probe();
    if (missing) throw notConfined(missing);
    return within(sandbox);
  }
  // Without patient data a broken sandbox only means doing without: so it is tried out while the definition runs in it.
  const [missing, tried] = await Promise.all([
    sandbox.probe(),
    within(sandbox).then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    ),
  ]);
  if (missing) return within();
  if ('error' in tried) throw tried.error;
  return tried.value;
}

function notConfined(missing: Problem): CommandFailure {
  const { message, hint } = languageProblems['evaluation-not-confined'](missing.message);
  return new CommandFailure(exitCodes.failed, [
    { code: 'evaluation-not-confined', message, hint: missing.hint ?? hint },
  ]);
}

export async function loadDataset(
  request: Omit<LoadRequest, 'kind'>,
  terminal: Terminal,
): Promise<Loaded & { readonly definition: DatasetDefinition }> {
  const loaded = await loadDefinition({ ...request, kind: 'dataset' }, terminal);
  return { ...loaded, definition: ofKind(loaded.definition, 'dataset') as DatasetDefinition };
}

export async function loadMeasures(
  request: Omit<LoadRequest, 'kind'>,
  terminal: Terminal,
): Promise<Loaded & { readonly definition: MeasuresDefinition }> {
  const loaded = await loadDefinition({ ...request, kind: 'measures' }, terminal);
  return { ...loaded, definition: ofKind(loaded.definition, 'measures') as MeasuresDefinition };
}

export async function loadTest(request: Omit<LoadRequest, 'kind'>, terminal: Terminal): Promise<TestDefinition> {
  const loaded = await loadDefinition({ ...request, kind: 'test' }, terminal);
  return ofKind(loaded.definition, 'test') as TestDefinition;
}

function ofKind(definition: Loaded['definition'], kind: Loaded['definition']['kind']): Loaded['definition'] {
  if (definition.kind === kind) return definition;
  const { message } = languageProblems['definition-wrong-kind'](kind, definition.kind);
  throw new CommandFailure(exitCodes.definition, [{ code: 'definition-wrong-kind', message }]);
}
