import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { session } from '../../testing.js';

describe('glovebox init', () => {
  it('writes a study that is checked, planned and run at once', async () => {
    const s = session();
    expect(await s.run('init', 'FOLDER/asthma')).toMatchObject({
      exitCode: 0,
      out: 'Wrote the study asthma\n\nNext:\n  cd asthma\n  glovebox run run_all\n',
    });
    expect(readFileSync(join(s.folder, 'asthma/README.md'), 'utf8')).toMatch(/^# asthma\n/);
    expect(readFileSync(join(s.folder, 'asthma/.gitignore'), 'utf8')).toContain('/metadata/\n');
    expect((await s.run('pipeline', 'check', 'FOLDER/asthma/project.yaml')).out).toContain('version 5, 4 actions');
    const ran = await s.run('run', 'run_all', '--project-dir', 'FOLDER/asthma');
    expect({ exitCode: ran.exitCode, failed: ran.out.includes('did not end') }).toEqual({ exitCode: 0, failed: false });
    expect(readdirSync(join(s.folder, 'asthma/output')).sort()).toEqual([
      'dataset.csv.gz',
      'measures.csv',
      'measures.png',
      'summary.csv',
    ]);
    expect(readFileSync(join(s.folder, 'asthma/output/summary.csv'), 'utf8')).toMatch(/^sex,has_asthma,patients\n/);
  }, 60_000);

  it('writes nothing over what is there, and takes no odd name', async () => {
    const s = session({ 'here/file': 'x' });
    const taken = await s.run('init', 'FOLDER/here');
    expect(taken).toMatchObject({
      exitCode: 1,
      error: expect.stringContaining('here exists and is not an empty folder') as string,
    });
    expect(readdirSync(join(s.folder, 'here'))).toEqual(['file']);
    expect((await s.run('init', 'FOLDER/a b')).error).toContain('"a b" can\'t be the name of a study');
    expect(existsSync(join(s.folder, 'a b'))).toBe(false);
    expect((await s.run('init')).exitCode).toBe(2);
  });
});

describe('glovebox info', () => {
  it('says what confines actions here, what does not and why, and what stands for images', async () => {
    const { exitCode, out } = await session().run('info');
    expect(exitCode).toBe(0);
    expect(out).toContain(`node        ${process.version}\n`);
    expect(out).toMatch(/ {2}bubblewrap {2}(works|does not work: .*\n +next: )/);
    expect(out).toMatch(/ {2}docker {6}(works|does not work: )/);
    expect(out).toMatch(/ {2}python:\* +\/usr\/bin\/python3: Python 3\./);
    expect(out).toMatch(/ {2}r:\* +\/usr\/bin\/Rscript: .*version \d/);
    expect(out).toMatch(/ {2}slurm {7}(works|does not work: )/);
    const { machine, executors } = JSON.parse((await session().run('info', '--json')).out) as Record<string, unknown>;
    expect(machine).toMatchObject({ node: process.version });
    expect(executors).toMatchObject([{ name: 'bubblewrap' }, { name: 'docker' }, { name: 'slurm' }]);
  }, 120_000);

  it('lists the images of a project, each once', async () => {
    const action = (n: string) => `  ${n}:\n    run: r:v2 ${n}.R\n    outputs: {highly_sensitive: {o: ${n}.csv}}\n`;
    const s = session({ 'project.yaml': `version: "5.0"\nactions:\n${action('a')}${action('b')}` });
    expect((await s.run('info', '--list-project-images', 'FOLDER/project.yaml')).out).toBe('r:v2\n');
  });
});
