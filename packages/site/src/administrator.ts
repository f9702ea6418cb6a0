// Makes sure that somebody can begin: a member of staff called `administrator`, whose token stands in a file that only the
// owner of the data folder can read. The file is written before the database knows the token and is read again at every
// start, so a process that dies in between leaves nothing that the next start does not put right.
import { readFile, rename, writeFile } from 'node:fs/promises';
import type { Clock } from '@glovebox/record';
import {
  addPerson,
  createToken,
  type Database,
  findPersonByToken,
  type Kysely,
  renewPersonToken,
  storedForm,
} from '@glovebox/store';

const username = 'administrator';

async function readToken(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** @param file where the token is kept; made with access for its owner alone when it is missing */
export async function ensureAdministrator(db: Kysely<Database>, clock: Clock, file: string): Promise<void> {
  let token = await readToken(file);
  if (token === undefined || !storedForm(token)) {
    token = createToken().token;
    await writeFile(`${file}.new`, `${token}\n`, { mode: 0o600 });
    await rename(`${file}.new`, file);
  }
  if (await findPersonByToken(db, token)) return;
  const stored = storedForm(token);
  if (!stored) throw new Error(`${file} does not hold a token`);
  const actor = { person: null, now: clock() };
  await db.transaction().execute(async (tx) => {
    const person = { username, name: 'Administrator', roles: ['staff' as const], projects: [], backends: [] };
    const added = await addPerson(tx, actor, person, { token, ...stored });
    if (added.outcome !== 'created') await renewPersonToken(tx, actor, username, stored);
  });
}
