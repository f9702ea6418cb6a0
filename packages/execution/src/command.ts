// Turns the words of an action into a program and its arguments, or says why that can't be.
//
// As in the images that studies were written for: when the first word is a program it is run, otherwise the image's own
// interpreter gets all the words, so `python:v2 analysis/x.py` and `python:v2 python analysis/x.py` are the same.
import { lstat } from 'node:fs/promises';
import { basename, isAbsolute, join } from 'node:path';
import { type FailureReason, insteadOf } from '@glovebox/record';

export interface ActionCommand {
  readonly image: string;
  readonly tag: string;
  readonly args: readonly string[];
}

export type ResolvedCommand =
  | {
      readonly kind: 'confined';
      readonly argv: readonly [string, ...string[]];
      /** What ran it, for the record: a program of this machine, or an image by its digest. */
      readonly runtime: string;
      /** Set where it runs in an image. */
      readonly image?: string;
    }
  | { readonly kind: 'extraction'; readonly args: readonly string[] }
  | {
      readonly kind: 'refused';
      readonly reason: FailureReason;
      /** What was found and what would be accepted; for the log, since it repeats words of the study. */
      readonly detail: string;
    };

/** An image of a container engine that stands for a study's image. */
export interface ImageRuntime {
  /** `name@sha256:...` */
  readonly image: string;
  /** The interpreter in it, as an absolute path. */
  readonly program: string;
}

/**
 * A study's image, with or without its version (`python:v2`, `python`), to what stands for it: a program of this machine, or
 * an image. The entry with the version goes first.
 */
export type Runtimes = Readonly<Record<string, string | ImageRuntime>>;

export const defaultRuntimes: Readonly<Record<string, string>> = { r: '/usr/bin/Rscript', python: '/usr/bin/python3' };

const ownNames: Readonly<Record<string, readonly string[]>> = { r: ['Rscript'], python: ['python', 'python3'] };

const refused = (reason: FailureReason, detail: string): ResolvedCommand => ({ kind: 'refused', reason, detail });

/** @param folder the prepared workspace */
export async function resolveCommand(
  { image, tag, args }: ActionCommand,
  runtimes: Runtimes,
  folder: string,
): Promise<ResolvedCommand> {
  if (image === 'ehrql') {
    return whyNotExtracted(args) ?? { kind: 'extraction', args };
  }
  const name = [`${image}:${tag}`, image].find((key) => Object.hasOwn(runtimes, key));
  const runtime = name === undefined ? undefined : runtimes[name];
  if (runtime === undefined) {
    const instead = Object.hasOwn(insteadOf, image) ? insteadOf[image] : undefined;
    if (instead !== undefined) return refused('not_offered', `${image}:${tag} is not offered here. ${instead}`);
    const images = ['ehrql', ...Object.keys(runtimes)].join(', ');
    return refused('image_missing', `This backend has no image ${image}:${tag}; it has ${images}.`);
  }
  const program = typeof runtime === 'string' ? runtime : runtime.program;
  const [first] = args;
  const isNamed = first !== undefined && (ownNames[image] ?? [basename(program)]).includes(first);
  const words = isNamed ? args.slice(1) : args;
  const script = words[0];
  if (script !== undefined && !script.startsWith('-') && !(await isFile(folder, script))) {
    const accepted = 'the path of a committed file, or of one that a needed action made, would be accepted';
    return refused('script_missing', `${script} is not a file of the study at this commit; ${accepted}.`);
  }
  const argv: [string, ...string[]] = [program, ...words];
  if (typeof runtime === 'string') return { kind: 'confined', argv, runtime };
  return { kind: 'confined', argv, runtime: runtime.image, image: runtime.image };
}

async function isFile(folder: string, path: string): Promise<boolean> {
  if (isAbsolute(path)) return false;
  const stat = await lstat(join(folder, path)).catch(() => undefined);
  return stat !== undefined && (stat.isFile() || stat.isSymbolicLink());
}

// The extraction runs outside the sandbox with the rights of its user, so a study must not steer it to another file or another
// database. Only the verbs and options here are let through, in whatever form the command itself would understand them.
const extractionVerbs = [
  'generate-dataset',
  'generate-measures',
  'create-dummy-tables',
  'assure',
  'serialize-definition',
  'dump-dataset-sql',
];
const dataVerbs = ['generate-dataset', 'generate-measures'];
const studyOptions = [
  '--output',
  '--dummy-data-file',
  '--dummy-tables',
  '--test-data-file',
  '--definition-type',
  '--dialect',
];
const operatorOptions = ['--dsn', '--backend', '--query-engine', '--url', '--environ'];

/** Whether an ehrQL command reads the patients of the database. */
export const readsPatients = (args: readonly string[]): boolean => dataVerbs.includes(args[0] ?? '');

/** Words after `--` go to the definition, which is confined. */
function whyNotExtracted(args: readonly string[]): ResolvedCommand | undefined {
  const end = args.indexOf('--');
  const [verb, ...words] = args.slice(0, end < 0 ? args.length : end);
  if (!extractionVerbs.includes(verb ?? '')) {
    return refused('arguments_wrong', `"${verb ?? ''}" is not one of ehrQL's commands ${extractionVerbs.join(', ')}.`);
  }
  for (const word of words) {
    const isOption = word.startsWith('-');
    const [name = '', ...value] = isOption ? word.split('=') : ['', word];
    // Options may be shortened, so what a word could stand for counts.
    if (isOption && operatorOptions.some((option) => option.startsWith(name))) {
      return refused('refused_by_policy', `The option ${name} is the backend's to choose; leave it out.`);
    }
    if (isOption && !studyOptions.some((option) => option.startsWith(name))) {
      return refused('arguments_wrong', `The option ${name} is not one of ${studyOptions.join(', ')}.`);
    }
    const path = value.join('=');
    if (!isInsideWorkspace(path)) {
      return refused('refused_by_policy', `${path} leads out of the study; a path inside it would be accepted.`);
    }
  }
  return undefined;
}

const isInsideWorkspace = (path: string): boolean =>
  !isAbsolute(path) && !path.split(/[/\\]/).includes('..') && !path.includes('://') && !path.includes('\0');
