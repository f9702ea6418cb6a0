import { expect, test } from 'vitest';
import { createToken, isSecretOf, splitToken, storedForm } from './tokens.js';

test('a token is known by what is stored of it, and another is not', () => {
  const { token, identifier, hash } = createToken();
  expect(storedForm(token)).toEqual({ identifier, hash });
  expect(token).not.toContain(hash);
  expect(isSecretOf(splitToken(token)?.secret ?? '', hash)).toBe(true);
  expect(isSecretOf(splitToken(createToken().token)?.secret ?? '', hash)).toBe(false);
});

test.each(['', '.', 'abc.def', `${'a'.repeat(16)}.`, `${'a'.repeat(16)}.${'x'.repeat(44)}`, ` ${createToken().token}`])(
  '%j is not a token',
  (text) => expect(splitToken(text)).toBeUndefined(),
);
