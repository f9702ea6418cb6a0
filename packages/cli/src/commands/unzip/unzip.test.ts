import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { session } from '../../testing.js';

describe('glovebox unzip', () => {
  it('unpacks every compressed file below a folder beside itself, and leaves a newer copy alone', async () => {
    const s = session({ 'output/a.csv': 'mine', 'output/deep/c.txt': 'x' });
    for (const name of ['output/a.csv.gz', 'output/deep/b.csv.gz'])
      writeFileSync(join(s.folder, name), gzipSync('patient_id\n1\n'));
    utimesSync(join(s.folder, 'output/a.csv.gz'), 1, 1);
    expect(await s.run('unzip', 'FOLDER/output')).toEqual({
      exitCode: 0,
      out: 'output/a.csv is newer already\noutput/deep/b.csv\n',
      error: '',
    });
    expect(readFileSync(join(s.folder, 'output/a.csv'), 'utf8')).toBe('mine');
    expect(readFileSync(join(s.folder, 'output/deep/b.csv'), 'utf8')).toBe('patient_id\n1\n');
    utimesSync(join(s.folder, 'output/a.csv'), 0, 0);
    expect((await s.run('unzip', 'FOLDER/output/a.csv.gz')).out).toBe('output/a.csv\n');
    expect(readFileSync(join(s.folder, 'output/a.csv'), 'utf8')).toBe('patient_id\n1\n');
  });

  it('names every file that is damaged, unpacks the others and leaves no half of one', async () => {
    const s = session();
    const whole = gzipSync('x'.repeat(100_000));
    writeFileSync(join(s.folder, 'cut.csv.gz'), whole.subarray(0, whole.length - 20));
    writeFileSync(join(s.folder, 'no.csv.gz'), 'this is text');
    writeFileSync(join(s.folder, 'yes.csv.gz'), whole);
    const { exitCode, out, error } = await s.run('unzip', 'FOLDER/');
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: 'yes.csv\n' });
    expect(error).toContain("cut.csv.gz can't be unpacked");
    expect(error).toContain("no.csv.gz can't be unpacked");
    expect(readdirSync(s.folder).sort()).toEqual(['cut.csv.gz', 'no.csv.gz', 'yes.csv', 'yes.csv.gz']);
  });

  it('refuses what is not there or not compressed', async () => {
    const s = session({ 'a.csv': 'x', 'empty/x': '' });
    expect((await s.run('unzip', 'FOLDER/a.csv')).error).toContain('a name that ends in .gz, or a folder, is accepted');
    expect((await s.run('unzip', 'FOLDER/b')).error).toContain('next: Check the path');
    expect((await s.run('unzip', 'FOLDER/empty')).out).toBe('There is no .gz file in empty.\n');
    expect((await s.run('unzip')).exitCode).toBe(2);
  });
});
