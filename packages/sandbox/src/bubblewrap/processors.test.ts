import { expect, test } from 'vitest';
import { chooseProcessors, parseProcessors } from './processors.js';

test('a list of processors is read as the kernel writes it', () => {
  expect(parseProcessors('0')).toEqual([0]);
  expect(parseProcessors('0-2,5,8-9\n')).toEqual([0, 1, 2, 5, 8, 9]);
});

const chosenBy = ({ words }: { readonly words: readonly string[] }) => parseProcessors(words[2] ?? '');
const first = chooseProcessors(1);
first.release();
const isSingle = first.words.length === 0;

test('who may use as many as there are is not tied to any', () => {
  expect(chooseProcessors(undefined).words).toEqual([]);
  expect(chooseProcessors(4096).words).toEqual([]);
});

test.skipIf(isSingle)('commands at the same time are kept apart, and what ended makes room', () => {
  const one = chooseProcessors(1);
  const two = chooseProcessors(1);
  expect(chosenBy(two)).not.toEqual(chosenBy(one));
  one.release();
  const third = chooseProcessors(1);
  expect(chosenBy(third)).not.toEqual(chosenBy(two));
  two.release();
  third.release();
});
