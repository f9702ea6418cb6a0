// Evaluates the definition file of a command, confined as the run demands, and ends the command when it has problems.
import {
  evaluateDefinition,
  languageProblems,
  type DatasetDefinition,
  type Evaluation,
  type MeasuresDefinition,
  type TestDefinition,
} from '@glovebox/language';
import type { Sandbox } from '@glovebox/record';
import { bubblewrapSandbox } from '@glovebox/sandbox';
import { CommandFailure, type Terminal } from '../../command-line.js';
import { exitCodes } from './exit-codes.js';

export interface LoadRequest {
  readonly file: string;
  readonly args: readonly string[];
  readonly kind: 'dataset' | 'measures' | 'test' | 'any';
  /** Whether the run reads patient data: then the definition is only evaluated in a sandbox. */
  readonly isSecure: boolean;
}

export type Loaded = Extract<Evaluation, { ok: true }>;

/** Evaluates; what the definition printed goes to standard error. */
export async function loadDefinition(request: LoadRequest, terminal: Terminal): Promise<Loaded> {
  const sandbox = await sandboxFor(request.isSecure);
  const evaluation = await evaluateDefinition({
    file: request.file,
    args: request.args,
    kind: request.kind,
    directory: process.cwd(),
    ...(sandbox ? { sandbox } : {}),
  });
  if (evaluation.printed !== '') terminal.error(evaluation.printed.replace(/\n?$/, '\n'));
  if (!evaluation.ok) {
    const { problems, exitCode, traceback } = evaluation;
    if (traceback !== undefined) terminal.error(`Error loading file '${request.file}':\n\n${traceback.trimEnd()}\n\n`);
    throw new CommandFailure(exitCode, problems);
  }
  return evaluation;
}

/** The sandbox, where there is one; a secure run without is refused. */
async function sandboxFor(isSecure: boolean): Promise<Sandbox | undefined> {
  const wanted = process.env['EHRQL_ISOLATE_USER_CODE'] ?? 'default';
  if (wanted === 'never') return undefined;
  const sandbox = bubblewrapSandbox();
  const missing = await sandbox.probe();
  if (missing === undefined) return sandbox;
  if (!isSecure && wanted !== 'always') return undefined;
  const { message, hint } = languageProblems['evaluation-not-confined'](missing.message);
  throw new CommandFailure(exitCodes.failed, [
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
