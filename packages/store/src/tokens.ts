// Secrets that a person's program or a backend's agent shows to be known: "<identifier>.<secret>". The identifier finds
// the row, the secret is compared as a digest in constant time; the database never holds a secret that could be used.
import { newIdentifier } from '@glovebox/record';
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

export interface NewToken {
  /** Shown once to whoever may have it. */
  readonly token: string;
  readonly identifier: string;
  readonly hash: string;
}

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

export function createToken(): NewToken {
  const identifier = newIdentifier();
  const secret = randomBytes(32).toString('base64url');
  return { token: `${identifier}.${secret}`, identifier, hash: hashOf(secret) };
}

/** The parts of a token; undefined when it has not the form of one. */
export function splitToken(token: string): { readonly identifier: string; readonly secret: string } | undefined {
  const found = /^([a-z2-7]{16})\.([A-Za-z0-9_-]{43})$/.exec(token);
  return found?.[1] && found[2] ? { identifier: found[1], secret: found[2] } : undefined;
}

export const isSecretOf = (secret: string, hash: string): boolean =>
  timingSafeEqual(Buffer.from(hashOf(secret), 'hex'), Buffer.from(hash, 'hex'));

/** The token again as it would be stored, for a secret that a file keeps. */
export function storedForm(token: string): { readonly identifier: string; readonly hash: string } | undefined {
  const parts = splitToken(token);
  return parts && { identifier: parts.identifier, hash: hashOf(parts.secret) };
}
