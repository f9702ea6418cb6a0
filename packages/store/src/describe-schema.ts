// The database's schema as text, one line a fact, in an order that does not depend on how it came about. The text is kept in
// `schema.txt`, so that a change shows what a migration truly does.
import { type Kysely, sql } from 'kysely';
import type { Database } from './tables.js';

interface Fact {
  readonly table: string;
  readonly text: string;
}

export async function describeSchema(db: Kysely<Database>): Promise<string> {
  const { rows } = await sql<Fact>`
    select c.relname as table, f.text from pg_class c
    cross join lateral (
      select 1 as kind, a.attnum::int as position,
        a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || case when a.attnotnull then ' not null' else '' end
        || case a.attidentity when 'a' then ' identity' else '' end as text
      from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      union all
      select 2, 0, pg_get_constraintdef(k.oid) from pg_constraint k
      where k.conrelid = c.oid and k.contype in ('p', 'u', 'f', 'c')
      union all
      select 3, 0, pg_get_indexdef(i.indexrelid) from pg_index i
      where i.indrelid = c.oid and not exists (select from pg_constraint k where k.conindid = i.indexrelid)
    ) f
    where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace
    order by c.relname, f.kind, f.position, f.text`.execute(db);
  const lines: string[] = [];
  let table = '';
  for (const row of rows) {
    if (row.table !== table) lines.push(...(table === '' ? [] : ['']), row.table);
    table = row.table;
    lines.push(`  ${row.text}`);
  }
  return `${lines.join('\n')}\n`;
}
