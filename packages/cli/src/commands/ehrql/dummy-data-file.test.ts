import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { session, type Session } from '../../testing.js';

const definition = (isControlled: boolean): string => `
from ehrql import create_measures, years
from ehrql.tables.core import patients
measures = create_measures()
measures.configure_disclosure_control(enabled=${isControlled ? 'True' : 'False'})
measures.define_defaults(denominator=patients.exists_for_patient(), intervals=years(1).starting_on("2024-01-01"))
measures.define_measure("by_sex", numerator=patients.sex == "female", group_by={"sex": patients.sex})
measures.define_measure("alive", numerator=patients.date_of_death.is_null())
`;
const together = [
  'measure,interval_start,interval_end,ratio,numerator,denominator,sex',
  'by_sex,2024-01-01,2024-12-31,0.5,6,12,female',
  'alive,2024-01-01,2024-12-31,0.25,3,12,',
  'by_sex,2024-01-01,2024-12-31,0.75,9,12,male',
  '',
].join('\r\n');

function written(isControlled = false): Session {
  const s = session({ 'm.py': definition(isControlled), 'all.csv': together });
  mkdirSync(join(s.folder, 'each'));
  writeFileSync(join(s.folder, 'each/by_sex.csv'), rowsOf('by_sex', 7));
  writeFileSync(join(s.folder, 'each/alive.csv'), rowsOf('alive', 6));
  return s;
}

/** The file of one measure: its rows without its name, and its own columns alone. */
function rowsOf(measure: string, columns: number): string {
  const lines = together.split('\r\n');
  const own = lines.filter((line, at) => at === 0 || line.startsWith(`${measure},`));
  return own.map((line) => `${line.split(',').slice(1, columns).join(',')}\r\n`).join('');
}

const generate = (s: Session, ...options: string[]) =>
  s.run('ehrql', 'generate-measures', 'FOLDER/m.py', '--dummy-data-file', ...options);

describe('a dummy data file of measures', () => {
  it.each(['FOLDER/all.csv', 'FOLDER/each'])('%s becomes a file for each measure', async (given) => {
    const s = written();
    expect(await generate(s, given, '--output', 'FOLDER/out/:csv')).toMatchObject({ exitCode: 0 });
    expect(readdirSync(join(s.folder, 'out')).sort()).toEqual(['alive.csv', 'by_sex.csv']);
    for (const name of ['alive', 'by_sex']) {
      expect(readFileSync(join(s.folder, `out/${name}.csv`), 'utf8')).toBe(
        readFileSync(join(s.folder, `each/${name}.csv`), 'utf8'),
      );
    }
  });

  it('becomes one file of all, in its own order or measure by measure', async () => {
    const s = written();
    expect(await generate(s, 'FOLDER/all.csv')).toMatchObject({ exitCode: 0, out: together });
    const lines = together.split('\r\n');
    const grouped = [lines[0], lines[1], lines[3], lines[2], ''].join('\r\n');
    expect(await generate(s, 'FOLDER/each:csv')).toMatchObject({ exitCode: 0, out: grouped });
  });

  it('has its small counts hidden in every form', async () => {
    const s = written(true);
    await generate(s, 'FOLDER/all.csv', '--output', 'FOLDER/out/:csv');
    expect(readFileSync(join(s.folder, 'out/by_sex.csv'), 'utf8').split('\r\n').slice(1)).toEqual([
      '2024-01-01,2024-12-31,0.0,0,10,female',
      '2024-01-01,2024-12-31,1.0,10,10,male',
      '',
    ]);
    expect((await generate(s, 'FOLDER/each/:csv')).out).toContain('alive,2024-01-01,2024-12-31,0.0,0,10,\r\n');
  });

  it('that lacks a measure, or has one that is not defined, is refused', async () => {
    const s = written();
    const unknown = session({ 'm.py': definition(false), 'all.csv': together.replace('alive,', 'dead,') });
    const refused = await generate(unknown, 'FOLDER/all.csv');
    expect(refused).toMatchObject({ exitCode: 11 });
    expect(refused.error).toContain('Row 2, column measure: expected one of by_sex, alive');
    const missing = await generate(s, 'FOLDER/nowhere/:csv', '--output', 'FOLDER/o/:csv');
    expect(missing).toMatchObject({ exitCode: 11 });
    expect(missing.error).toContain('No file is at nowhere/by_sex.csv');
  });
});
