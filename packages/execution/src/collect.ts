// Takes in the outputs of an action: the regular files that it wrote or changed itself and that a pattern of project.yaml
// names. A file that was committed or came in as an input is not an output, whatever it is called. Where several patterns
// match one file, the most sensitive level wins.
import { join } from 'node:path';
import { privacyLevels, type PrivacyLevel } from '@glovebox/record';
import { patternMatcher, type DeclaredOutputs } from '@glovebox/pipeline';
import { assertRoom } from './disk.js';
import { severalAtOnce } from './files.js';
import type { OutputFile, PatternCount } from './manifest.js';
import type { OutputStore } from './output-store.js';
import { police, type ReviewLimits } from './police.js';
import { walk, type Found } from './walk.js';

export interface Collected {
  readonly outputs: readonly OutputFile[];
  readonly patterns: readonly PatternCount[];
  readonly nearMisses: readonly string[];
  /** Links and special files that a pattern matched. */
  readonly refused: readonly string[];
}

const mostNearMisses = 100;
const mostRefused = 100;

/** What one action may leave behind. */
export interface OutputLimits {
  readonly files: number;
  /** Of all its files together. */
  readonly bytes: number;
}

export const defaultOutputLimits: OutputLimits = { files: 10_000, bytes: 256 * 2 ** 30 };

/** Thrown when there is more; nothing of it is kept. */
export class TooManyOutputs extends Error {
  readonly limits: OutputLimits;
  constructor(limits: OutputLimits) {
    super('an action wrote more outputs than it may');
    this.limits = limits;
  }
}

interface Declared {
  readonly level: PrivacyLevel;
  readonly name: string;
  readonly pattern: string;
  readonly matches: (path: string) => boolean;
  files: number;
  bytes: number;
}

interface Matched {
  readonly found: Found;
  readonly matching: readonly Declared[];
}

const declaredPatterns = (outputs: DeclaredOutputs): Declared[] =>
  privacyLevels.flatMap((level) =>
    Object.entries(outputs[level] ?? {}).map(([name, pattern]) => ({
      level,
      name,
      pattern,
      matches: patternMatcher(pattern),
      files: 0,
      bytes: 0,
    })),
  );

/**
 * @param before what was there when the action started (walk.ts)
 * @throws TooManyOutputs before anything is taken in
 */
export async function collectOutputs(
  folder: string,
  declaredOutputs: DeclaredOutputs,
  before: ReadonlyMap<string, string>,
  store: OutputStore,
  limits: ReviewLimits,
  most: OutputLimits,
): Promise<Collected> {
  // Most sensitive first, so the first match decides.
  const declared = declaredPatterns(declaredOutputs);
  const matched: Matched[] = [];
  const outputs: OutputFile[] = [];
  const nearMisses: string[] = [];
  const refused: string[] = [];
  let bytes = 0;
  for await (const found of walk(folder)) {
    if (found.kind === 'file' && before.get(found.path) === found.mark) continue;
    const matching = declared.filter(({ matches }) => matches(found.path));
    if (matching.length === 0) {
      if (found.kind === 'file' && nearMisses.length < mostNearMisses) nearMisses.push(found.path);
    } else if (found.kind === 'odd') {
      if (refused.length < mostRefused) refused.push(found.path);
    } else {
      matched.push({ found, matching });
      bytes += found.bytes;
      if (matched.length > most.files || bytes > most.bytes) throw new TooManyOutputs(most);
    }
  }
  await assertRoom(folder, bytes);
  async function takeIn({ found, matching }: Matched): Promise<void> {
    const level = matching[0]!.level;
    const stored = await store.put(join(folder, found.path));
    const verdict =
      level === 'moderately_sensitive'
        ? await police(store.objectPath(stored.sha256), found.path, limits)
        : { excluded: null };
    outputs.push({ path: found.path, level, ...stored, ...verdict });
    for (const pattern of matching) {
      pattern.files += 1;
      pattern.bytes += stored.bytes;
    }
  }
  await severalAtOnce(matched, takeIn);
  return {
    outputs: outputs.sort((a, b) => (a.path < b.path ? -1 : 1)),
    patterns: declared.map(({ level, name, pattern, files, bytes }) => ({ level, name, pattern, files, bytes })),
    nearMisses: nearMisses.sort(),
    refused: refused.sort(),
  };
}
