// Turns a definition file into a definition: runs it in the confined process, then reads its answer as strictly as any
// untrusted document. What goes wrong in the researcher's own code comes back as a problem in the researcher's own file.
import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Problem, Sandbox } from '@glovebox/record';
import { problem } from '../problems.js';
import { nodePool } from '../model/pool.js';
import { readDefinition, type Definition } from '../read/read-definition.js';
import { readPlaces } from '../read/read-places.js';
import { readShows, type Show } from '../read/read-shows.js';
import { hostPaths, insideFolder, placesFor } from './child-command.js';
import { errorOf } from './error-of.js';
import { filesRead, type FileRead } from './files-read.js';
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
  /** Whether the files that it read are hashed as well; takes the time that reading them takes. */
  readonly withDigests?: boolean;
  /** Whether to find out where the study wrote each condition, for `placeOf`; takes about as long again. */
  readonly withPlaces?: boolean;
  readonly cacheFolder?: string;
  readonly signal?: AbortSignal;
}

/** What a shell says of a program that got SIGKILL: the definition is not to blame. */
const exitCodeKilled = 128 + 9;

interface Common {
  /** What the definition printed, and anything that went wrong around it. */
  readonly printed: string;
  /** Files that it opened or looked for. Its result stands for as long as all of these are as they were. */
  readonly files: readonly FileRead[];
  /** Whether it listed a folder: then files that it never opened count too. */
  readonly listsFolders: boolean;
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
      /** The way through the researcher's own files to where it failed; absent when the file ran or ended itself. */
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
  const { answer, place, ...common } = answered;
  if (answer['ok'] !== true) return { ok: false, ...common, ...errorOf(answer['error'], place) };
  const pool = nodePool();
  const read = readDefinition(answer['document'], pool);
  if (!read.ok) return { ok: false, problems: read.problems, exitCode: 10, ...common };
  if (request.withPlaces === true) {
    const placed = readPlaces(answer['places'], answer['document'], pool, place);
    if (!placed.ok) return { ok: false, problems: placed.problems, exitCode: 10, ...common };
  }
  return { ...read, document: answer['document'], ...common };
}

/** Runs a definition file for what it gives to `show()`, kept even when it fails later. */
export async function debugDefinition(request: Omit<EvaluationRequest, 'kind'>): Promise<Debugging> {
  const answered = await run(request, 'debug');
  if (!('answer' in answered)) return { ...answered, shows: [], definition: undefined };
  const { answer, place, ...common } = answered;
  const pool = nodePool();
  const read = readShows(answer['shows'], pool);
  const shows = read.ok ? read.shows.map((show) => ({ ...show, path: place(show.path) })) : [];
  const ended = { ...common, shows, definition: undefined, problems: [], exitCode: 0 };
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
  if (missing) return { ok: false, problems: [missing], exitCode: 2, ...nothing };
  const limits = { ...defaultLimits, ...request.limits };
  const { inside, folders } = placesFor(request.directory, request.file);
  const snapshot = await pythonSnapshot(request.cacheFolder ?? defaultCacheFolder());
  const withPlaces = request.withPlaces === true;
  const task = { file: inside, args: request.args ?? [], kind, withPlaces, memoryBytes: limits.memoryBytes };
  const result = await runChild(hostPaths(snapshot, folders), task, {
    limits,
    sandbox: request.sandbox,
    signal: request.signal,
  });
  const place = (path: string): string => onMachine(path, request.file);
  const understood = understand(result, limits);
  if (!('answer' in understood)) return understood;
  const read = await filesRead(understood.answer, place, request);
  return { ...understood, ...read, place };
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

const nothing: Common = { printed: '', files: [], listsFolders: false };

function understand(result: ChildResult, limits: EvaluationLimits): Failed | Pick<Answered, 'answer' | 'printed'> {
  const failed = (found: Problem): Failed => ({
    ok: false,
    problems: [found],
    exitCode: 10,
    ...nothing,
    printed: result.stderr,
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
  if (answer === undefined) {
    // Python that dies names the lines that it was in; those of the study help.
    const printed = result.stderr.replaceAll(/^ {2}File "\/glovebox\/.*\n?/gm, '');
    return { ...failed(problem('definition-crashed', [result.detail])), printed };
  }
  const printed = (typeof answer['output'] === 'string' ? answer['output'] : '') + result.stderr;
  return { answer, printed };
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
