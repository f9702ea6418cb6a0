// Compares what an earlier job was made from with what a new one would be made from.
import type { ReuseReason } from '@glovebox/record';
import type { ReuseParts } from './parts.js';
import type { ReadableFiles } from './readable-files.js';

/** Paths that a reason names of each kind; a reader needs a hint, not the list. */
const mostPaths = 5;

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/**
 * Where one side does not know what stood for the image, that decides nothing. A data release that is known only now does:
 * the earlier job may have read anything.
 */
export function alike(before: ReuseParts, now: ReuseParts): readonly [ReuseParts, ReuseParts] {
  const isRuntimeKnown = before.runtime !== null && now.runtime !== null;
  const runtime = isRuntimeKnown ? {} : { runtime: null };
  const release = now.dataRelease === null ? { dataRelease: null } : {};
  return [
    { ...before, ...runtime, ...release },
    { ...now, ...runtime, ...release },
  ];
}

/** Thousands of actions read the same two listings; each pair is compared once. */
const compared = new WeakMap<ReadableFiles, WeakMap<ReadableFiles, readonly ReuseReason[]>>();

function compareFiles({ files: before }: ReuseParts, { files: now }: ReuseParts): readonly ReuseReason[] {
  if (before.digest === now.digest) return [];
  const withOthers = compared.get(before) ?? new WeakMap<ReadableFiles, readonly ReuseReason[]>();
  compared.set(before, withOthers);
  const found = withOthers.get(now) ?? differences(before, now);
  withOthers.set(now, found);
  return found;
}

function differences({ files: old }: ReadableFiles, { files: current }: ReadableFiles): readonly ReuseReason[] {
  const changed = [...current]
    .filter(([path, digest]) => old.has(path) && old.get(path) !== digest)
    .map(([path]) => path);
  const added = [...current.keys()].filter((path) => !old.has(path));
  const removed = [...old.keys()].filter((path) => !current.has(path));
  const some = (paths: string[]): string[] => paths.sort().slice(0, mostPaths);
  const total = changed.length + added.length + removed.length;
  return [{ kind: 'files-changed', changed: some(changed), added: some(added), removed: some(removed), total }];
}

function compareInputs(before: ReuseParts, now: ReuseParts): ReuseReason[] {
  const names = [...new Set([...Object.keys(now.inputs), ...Object.keys(before.inputs)])];
  const actions = names.filter((name) => before.inputs[name] !== now.inputs[name]);
  return actions.length === 0 ? [] : [{ kind: 'inputs-changed', actions }];
}

/**
 * Every difference, none exactly when the keys are equal.
 *
 * @example
 * compareParts(before, { ...before, image: 'r:v3' }); // [{ kind: 'image-changed', from: 'r:v2', to: 'r:v3' }]
 */
export function compareParts(before: ReuseParts, now: ReuseParts): readonly ReuseReason[] {
  const isImageSame = before.image === now.image;
  return [
    ...compareFiles(before, now),
    ...(same(before.command, now.command) ? [] : [{ kind: 'command-changed' } as const]),
    ...(before.config === now.config ? [] : [{ kind: 'config-changed' } as const]),
    ...(before.code === now.code ? [] : [{ kind: 'code-changed' } as const]),
    ...(isImageSame ? [] : [{ kind: 'image-changed', from: before.image, to: now.image } as const]),
    ...(!isImageSame || before.runtime === now.runtime ? [] : [{ kind: 'image-updated', image: now.image } as const]),
    ...(same(before.outputs, now.outputs) ? [] : [{ kind: 'outputs-changed' } as const]),
    ...compareInputs(before, now),
    ...(before.dataRelease === now.dataRelease
      ? []
      : [{ kind: 'data-release-changed', from: before.dataRelease, to: now.dataRelease ?? '' } as const]),
  ];
}
