// Keeps what was expensive to make: highlighted code, graphs, comparisons. Keys name immutable content (a commit, a digest),
// so nothing kept is ever wrong; the least recently used goes first when there is too much.
import { createHash } from 'node:crypto';

/** Answers from memory or makes it. A promise that rejects is not kept. */
export type Kept<V> = (key: string, make: () => V) => V;

/** @param limit how many answers to keep */
export function kept<V>(limit: number): Kept<V> {
  const answers = new Map<string, V>();
  const put = (key: string, value: V) => {
    answers.delete(key);
    answers.set(key, value);
    if (answers.size > limit) answers.delete(answers.keys().next().value as string);
  };
  return (key, make) => {
    const found = answers.get(key);
    const value = found ?? make();
    put(key, value);
    if (found === undefined && value instanceof Promise) {
      value.catch(() => {
        if (answers.get(key) === value) answers.delete(key);
      });
    }
    return value;
  };
}

/** A short name for content, to be used as a key. */
export const digestOf = (...parts: readonly string[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest('base64url');
};
