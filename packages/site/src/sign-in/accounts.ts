// Signing in, staying signed in, signing out. A session lasts a working day and is never prolonged; the cookie holds its secret,
// the database only the digest. What a form must send back is made from the secret, so another site can't know it.
import { createHash } from 'node:crypto';
import type { Clock } from '@glovebox/record';
import { addSession, type Database, endSession, findPersonBySession, type Kysely } from '@glovebox/store';
import { createAttempts } from './attempts.js';
import type { Viewer } from './viewer.js';
import type { WhoIsThis } from './who.js';

export const sessionHours = 12;

export type SignedIn =
  | { readonly outcome: 'signed-in'; readonly session: string }
  | { readonly outcome: 'unknown' | 'too-many' };

export interface Accounts {
  /** @param session what the cookie holds; null when that is nobody's */
  readonly viewer: (session: string) => Promise<Viewer | null>;
  /** @param address where the try comes from; too many failures from one are refused for a while */
  readonly signIn: (shown: string, address: string) => Promise<SignedIn>;
  readonly signOut: (session: string) => Promise<void>;
}

const formTokenOf = (session: string): string => createHash('sha256').update(`form ${session}`).digest('base64url');

export function createAccounts(db: Kysely<Database>, clock: Clock, whoIsThis: WhoIsThis): Accounts {
  const attempts = createAttempts(clock);
  return {
    async viewer(session) {
      const person = await findPersonBySession(db, session, clock());
      return person ? { person, formToken: formTokenOf(session) } : null;
    },
    async signIn(shown, address) {
      if (attempts.isTooMany(address)) return { outcome: 'too-many' };
      const found = await whoIsThis(shown);
      if (!found) {
        attempts.fail(address);
        return { outcome: 'unknown' };
      }
      const now = clock();
      const expiresAt = new Date(now.getTime() + sessionHours * 3_600_000);
      const session = await db.transaction().execute((tx) => addSession(tx, { ...found, now, expiresAt }));
      return { outcome: 'signed-in', session };
    },
    async signOut(session) {
      await db.transaction().execute((tx) => endSession(tx, session, clock()));
    },
  };
}
