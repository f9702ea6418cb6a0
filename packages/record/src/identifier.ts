// Identifiers that people and other systems quote.
import { createHash, randomBytes } from 'node:crypto';

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';

function base32(bytes: Uint8Array): string {
  let text = '';
  let value = 0;
  let bits = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      text += alphabet[(value >>> (bits - 5)) & 31];
      bits -= 5;
    }
    value &= (1 << bits) - 1;
  }
  return text;
}

/** The form of an identifier: 16 characters of lower-case base 32 (80 bits). */
export const identifierPattern = /^[a-z2-7]{16}$/;

/** A new random identifier, for example of a job request. */
export const newIdentifier = (): string => base32(randomBytes(10));

/** The identifier of a job: the same request and action always give the same one, so that a repeated plan can't double it. */
export const jobIdentifier = (requestIdentifier: string, action: string): string =>
  base32(createHash('sha256').update(`${requestIdentifier}\n${action}`).digest().subarray(0, 10));
