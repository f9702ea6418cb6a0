// Turns a definition file into a definition: runs it in the confined process, then reads its answer as strictly as any
// untrusted document. What goes wrong in the researcher's own code comes back as a problem in the researcher's own file.
import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Place, Problem, Sandbox } from '@glovebox/record';
import { problem } from '../problems.js';
import { nodePool } from '../model/pool.js';
import { readDefinition, type Definition } from '../read/read-definition.js';
import { readShows, type Show } from '../read/read-shows.js';
import { hostPaths, insideFolder, placesFor } from './child-command.js';
import { defaultLimits, runChild, type ChildResult, type EvaluationLimits } from './run-child.js';
import { defaultCacheFolder, pythonSnapshot } from './snapshot.js';

export interface EvaluationRequest {
  /** The Python file, absolute or relative to `directory`. */
  readonly file: string;
  /** What the definition sees after its own name in `sys.argv`. */
  readonly args?: readonly string[];
  /** The working folder: the only folder of the machine that the definition can read. */
  readonly directory: string;
  readonly kind: 'dataset' | 'measures' | 'test' | 'any';
  readonly sandbox?: Sandbox;
  readonly limits?: Partial<EvaluationLimits>;
  readonly cacheFolder?: string;
  readonly signal?: AbortSignal;
}

/** What a shell says of a program that got SIGKILL: the definition is not to blame. */
const exitCodeKilled = 128 + 9;

interface Common {
  /** What the definition printed, and anything that went wrong around it. */
  readonly printed: string;
  /** Files that it opened for reading, relative to the working folder where they are below it. */
  readonly files: readonly string[];
}

export type Evaluation =
  | (Common & {
      readonly ok: true;
      readonly definition: Definition;
      /** The JSON document that the definition was read from. */
      readonly document: unknown;
      readonly claimedPermissions: readonly string[];
    })
  | (Common & {
      readonly ok: false;
      readonly problems: readonly Problem[];
      /** 10 for problems in the definition, or what it ended itself with; 137 when the system killed it. */
      readonly exitCode: number;
      /** The frames of the researcher's own files, as Python shows them. */
      readonly traceback?: string;
    });

/** What a definition showed, and what it defines if it got so far. */
export interface Debugging extends Common {
  readonly shows: readonly Show[];
  readonly definition: Definition | undefined;
  /** What stopped it; empty for a file that ran to its end, even if it defines nothing. */
  readonly problems: readonly Problem[];
  readonly exitCode: number;
  readonly traceback?: string;
}

/** Evaluates a definition file. Rejects only for faults: a definition can't make it reject. */
export async function evaluateDefinition(request: EvaluationRequest): Promise<Evaluation> {
  const answered = await run(request, request.kind);
  if (!('answer' in answered)) return answered;
  const { answer, printed, files, place } = answered;
  if (answer['ok'] !== true) return { ok: false, printed, files, ...errorOf(answer['error'], place) };
  const read = readDefinition(answer['document']);
  if (!read.ok) return { ok: false, problems: read.problems, exitCode: 10, printed, files };
  return { ...read, document: answer['document'], printed, files };
}

/** Runs a definition file for what it gives to `show()`, kept even when it fails later. */
export async function debugDefinition(request: Omit<EvaluationRequest, 'kind'>): Promise<Debugging> {
  const answered = await run(request, 'debug');
  if (!('answer' in answered)) return { ...answered, shows: [], definition: undefined };
  const { answer, printed, files, place } = answered;
  const pool = nodePool();
  const read = readShows(answer['shows'], pool);
  const shows = read.ok ? read.shows.map((show) => ({ ...show, path: place(show.path) })) : [];
  const ended = { printed, files, shows, definition: undefined, problems: [], exitCode: 0 };
  if (!read.ok) return { ...ended, problems: read.problems, exitCode: 10 };
  if (answer['ok'] !== true) return { ...ended, ...errorOf(answer['error'], place) };
  if (answer['document'] === null) return ended;
  const defined = readDefinition(answer['document'], pool);
  return defined.ok
    ? { ...ended, definition: defined.definition }
    : { ...ended, problems: defined.problems, exitCode: 10 };
}

type Failed = Extract<Evaluation, { ok: false }>;
type Answered = Common & {
  readonly answer: Record<string, unknown>;
  readonly place: (path: string) => string;
};

async function run(request: Omit<EvaluationRequest, 'kind'>, kind: string): Promise<Failed | Answered> {
  const missing = fileProblem(request);
  if (missing) return { ok: false, problems: [missing], exitCode: 2, printed: '', files: [] };
  const limits = { ...defaultLimits, ...request.limits };
  const { inside, folders } = placesFor(request.directory, request.file);
  const snapshot = await pythonSnapshot(request.cacheFolder ?? defaultCacheFolder());
  const task = { file: inside, args: request.args ?? [], kind, memoryBytes: limits.memoryBytes };
  const result = await runChild(hostPaths(snapshot, folders), task, {
    limits,
    sandbox: request.sandbox,
    signal: request.signal,
  });
  return understand(result, limits, (path) => onMachine(path, request.file));
}

function fileProblem({ file, directory }: Omit<EvaluationRequest, 'kind'>): Problem | undefined {
  const path = resolve(directory, file);
  if (!existsSync(path) || !statSync(path).isFile()) return problem('definition-file-missing', [file]);
  return path.endsWith('.py') ? undefined : problem('definition-file-kind', [file]);
}

/** A path in the eyes of the definition as the caller knows it. */
function onMachine(path: string, file: string): string {
  const elsewhere = /^(?:\.\.)?\/definition\//.exec(path);
  if (elsewhere) return join(dirname(file), path.slice(elsewhere[0].length));
  return path.startsWith(`${insideFolder}/`) ? path.slice(insideFolder.length + 1) : path;
}

function understand(result: ChildResult, limits: EvaluationLimits, place: (path: string) => string): Failed | Answered {
  const failed = (found: Problem): Failed => ({
    ok: false,
    problems: [found],
    exitCode: 10,
    printed: result.stderr,
    files: [],
  });
  const megabytes = (bytes: number): number => Math.round(bytes / 2 ** 20);
  if (result.ended === 'time') return failed(problem('definition-too-slow', [limits.seconds]));
  if (result.ended === 'memory') return failed(problem('definition-too-big', [megabytes(limits.memoryBytes)]));
  if (result.ended === 'output') return failed(problem('definition-output-too-big', [megabytes(limits.outputBytes)]));
  const envelope = parse(result.stdout);
  const answer = parse(envelope?.['answer']);
  if (envelope?.['isMemoryRefused'] === true && answer?.['ok'] !== true) {
    return failed(problem('definition-too-big', [megabytes(limits.memoryBytes)]));
  }
  if (answer === undefined && result.ended === 'killed' && result.detail === 'SIGKILL') {
    return { ...failed(problem('definition-killed', [])), exitCode: exitCodeKilled };
  }
  if (answer === undefined) return failed(problem('definition-crashed', [result.detail]));
  const printed = (typeof answer['output'] === 'string' ? answer['output'] : '') + result.stderr;
  const files = strings(answer['files']).map(place);
  return { answer, printed, files, place };
}

/** The error that the loader found in the researcher's code. Its fields are untrusted too. */
function errorOf(
  error: unknown,
  onHost: (path: string) => string,
): { problems: readonly Problem[]; exitCode: number; traceback?: string } {
  const from = (typeof error === 'object' && error !== null ? error : {}) as Record<string, unknown>;
  const textOf = (name: string): string | undefined => (typeof from[name] === 'string' ? from[name] : undefined);
  const numberOf = (name: string): number | undefined =>
    Number.isSafeInteger(from[name]) && (from[name] as number) >= 0 ? (from[name] as number) : undefined;
  const shown = textOf('path');
  const path = shown === undefined ? undefined : onHost(shown);
  const place: Place | undefined =
    path === undefined
      ? undefined
      : {
          path,
          ...withValue('line', numberOf('line')),
          ...withValue('column', numberOf('column')),
          ...withValue('endColumn', numberOf('end_column')),
          ...withValue('excerpt', textOf('excerpt')),
        };
  const found: Problem = {
    code: textOf('code') ?? 'definition-failed',
    message: textOf('message') ?? 'The definition failed.',
    ...withValue('hint', textOf('hint')),
    ...withValue('place', place),
  };
  return { problems: [found], exitCode: numberOf('exit_code') ?? 10, ...withValue('traceback', textOf('traceback')) };
}

function withValue<K extends string, V>(name: K, value: V | undefined): { readonly [P in K]?: V } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [P in K]?: V };
}

function parse(text: unknown): Record<string, unknown> | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

const strings = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
