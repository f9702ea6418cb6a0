// Brings a database up to date: runs the numbered files of `migrations/` that it has not had yet, each in one
// transaction with the row that remembers it. A file that ran is never edited; its digest is checked, so that an edit is
// noticed at start rather than as a strange error later.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';

const folder = new URL('../migrations/', import.meta.url);

export interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly digest: string;
}

/** Runs SQL text that may hold many statements; `rows` are those of the last one. */
export type RunSql = (sql: string) => Promise<readonly Record<string, unknown>[]>;

export const migrations: readonly Migration[] = readdirSync(folder)
  .filter((name) => /^\d{4}-[a-z-]+\.sql$/.test(name))
  .sort()
  .map((name) => {
    const sql = readFileSync(new URL(name, folder), 'utf8');
    return { name, sql, digest: createHash('sha256').update(sql).digest('hex') };
  });

/** Runs what is missing. Throws when the database was made by other or newer files than these. */
export async function migrate(run: RunSql, wanted: readonly Migration[] = migrations): Promise<void> {
  await run('create table if not exists schema_migrations (name text primary key, digest text not null)');
  const had = new Map(
    (await run('select name, digest from schema_migrations')).map((row) => [
      String(row['name']),
      String(row['digest']),
    ]),
  );
  for (const name of had.keys()) {
    if (!wanted.some((migration) => migration.name === name)) {
      throw new Error(`the database has had the migration ${name}, which this version does not know`);
    }
  }
  for (const { name, sql, digest } of wanted) {
    const before = had.get(name);
    if (before === digest) continue;
    if (before !== undefined) throw new Error(`the migration ${name} has changed since it ran`);
    // Names and digests are our own file names and hexadecimal, so they may stand in the text.
    await run(`begin;\n${sql}\n;insert into schema_migrations values ('${name}', '${digest}');\ncommit;`);
  }
}
