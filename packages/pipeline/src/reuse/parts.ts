// What the result of an action depends on, as parts that can be compared and as one key. Two runs with the same key are made
// from the same things, so the later one need not happen.
import { createHash } from 'node:crypto';
import { privacyLevels } from '@glovebox/record';
import type { Action, DeclaredOutputs } from '../pipeline.js';
import type { ReadableFiles } from './readable-files.js';

export interface ReuseParts {
  /** The words after the image, without the config. */
  readonly command: readonly string[];
  /** The config as its JSON text. */
  readonly config: string | null;
  /** `name:tag` */
  readonly image: string;
  /** What stood for the image: a digest, or a program of the machine by version and packages; null where that is not known. */
  readonly runtime: string | null;
  /** The repository and commit of a reusable action. */
  readonly code: string | null;
  readonly files: ReadableFiles;
  /** `level:pattern`, sorted. */
  readonly outputs: readonly string[];
  /** Needed action to the digest of the outputs that come in. */
  readonly inputs: Readonly<Record<string, string>>;
  /** The state of the database, for an action that queries it; null where that is not known. */
  readonly dataRelease: string | null;
}

/** The config stands at the end of the words that an action gets. */
export function splitConfig(args: readonly string[]): {
  readonly command: readonly string[];
  readonly config: string | null;
} {
  if (args.at(-2) !== '--config') return { command: args, config: null };
  return { command: args.slice(0, -2), config: args.at(-1) ?? null };
}

export const outputsPart = (outputs: DeclaredOutputs): string[] =>
  privacyLevels.flatMap((level) => Object.values(outputs[level] ?? {}).map((pattern) => `${level}:${pattern}`)).sort();

export const codePart = ({ code }: Pick<Action, 'code'>): string | null =>
  code === undefined ? null : `${code.repository}@${code.commit}`;

const sorted = (record: Readonly<Record<string, string>>): [string, string][] =>
  Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));

/** SHA-256 of the parts in a form that depends on nothing else. */
export function reuseKey({ files, inputs, ...parts }: ReuseParts): string {
  const { command, config, image, runtime, code, outputs, dataRelease } = parts;
  const canonical = [command, config, image, runtime, code, files.digest, outputs, sorted(inputs), dataRelease];
  return createHash('sha256').update(JSON.stringify(canonical)).digest('hex');
}
