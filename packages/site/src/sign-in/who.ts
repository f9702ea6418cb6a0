// Who is this person? The one question that signing in asks. It is answered here by the personal token that the API takes too;
// another way of signing in is another function of this type, and nothing else about sessions changes.
import { type Database, findPersonByToken, type Kysely, splitToken } from '@glovebox/store';

export interface Identified {
  /** Row number. */
  readonly person: number;
  /** Identifier of the token that was shown, so that revoking it ends the session; null where none was. */
  readonly token: string | null;
}

/** @returns undefined when what was shown is nobody's */
export type WhoIsThis = (shown: string) => Promise<Identified | undefined>;

export const byToken =
  (db: Kysely<Database>): WhoIsThis =>
  async (shown) => {
    const person = await findPersonByToken(db, shown);
    return person && { person: person.id, token: splitToken(shown)?.identifier ?? null };
  };
