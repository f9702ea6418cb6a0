// Keeps what was expensive to make: highlighted code, graphs, comparisons. Keys name immutable content (a commit, a digest),
// so nothing kept is ever wrong; the least recently used goes first when there is too much.
// A failure is kept for half a minute, so that a repository that is away is not asked by every reader.
import { createHash } from 'node:crypto';

const failureMilliseconds = 30_000;

/** Answers from memory or makes it. */
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
      const forget = () => {
        if (answers.get(key) === value) answers.delete(key);
      };
      value.catch(() => setTimeout(forget, failureMilliseconds).unref());
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
