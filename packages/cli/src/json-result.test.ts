// `--json` of commands that do something, against what they say in words.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { session } from './testing.js';

vi.setConfig({ testTimeout: 60_000 });

const study = {
  'project.yaml': `version: 5
actions:
  good: {run: python:v2 good.py, outputs: {moderately_sensitive: {o: good.txt}}}
  bad: {run: python:v2 bad.py, needs: [good], outputs: {highly_sensitive: {o: "b*.txt"}}}
  after: {run: python:v2 good.py x, needs: [bad], outputs: {highly_sensitive: {o: after.txt}}}
`,
  'good.py': 'open("good.txt", "w").write("1")\n',
  'bad.py': 'open("other.txt", "w").write("1")\nprint("said")\nraise ValueError("no")\n',
};
type Session = ReturnType<typeof session>;
async function asked(s: Session, ...words: string[]) {
  const { exitCode, out, error } = await s.run(...words, '--project-dir', 'FOLDER/', '--json');
  return { exitCode, error, value: JSON.parse(out) as Record<string, unknown> };
}
const told = (s: Session, ...words: string[]) => s.run(...words, '--project-dir', 'FOLDER/');

describe('--json', () => {
  it('gives how each action ended, where a script failed, and what did not run', async () => {
    const s = session(study);
    const { exitCode, value, error } = await asked(s, 'run', 'run_all');
    expect({ exitCode, value }).toEqual({
      exitCode: 1,
      value: {
        ok: false,
        actions: [
          expect.objectContaining({
            action: 'good',
            state: 'succeeded',
            code: 'succeeded',
            log: 'metadata/good.log',
            outputs: [{ path: 'good.txt', level: 'moderately_sensitive', excluded: null }],
          }),
          expect.objectContaining({ action: 'bad', state: 'failed', code: 'nonzero_exit', exitCode: 1, outputs: [] }),
        ],
        notRun: ['after'],
      },
    });
    expect(error).toContain('good: Running\n');
    expect(error).toContain('=> bad\n');
    expect(error).toContain('   it stopped at bad.py, line 3\n');
    writeFileSync(join(s.folder, 'bad.py'), 'open("other.txt", "w").write("1")\n');
    expect((await asked(s, 'run', 'bad')).value).toMatchObject({
      actions: [{ action: 'good' }, { code: 'unmatched_patterns', unmatched: ['b*.txt'], nearMisses: ['other.txt'] }],
    });
    expect((await asked(s, 'clean', '--all')).value).toEqual({
      ok: true,
      folders: 0,
      jobs: 4,
      containers: 0,
      forgotten: true,
    });
  });

  it('names the log of an action whose name is no file name, and clean removes it', async () => {
    const names = ['a/b', 'é'.repeat(150)];
    const actions = names.map(
      (name, i) => `  ${name}: {run: python:v2 good.py ${i}, outputs: {highly_sensitive: {o: "*${i}.txt"}}}\n`,
    );
    const s = session({
      'project.yaml': `version: 5\nactions:\n${actions.join('')}`,
      'good.py': 'import sys; open(f"good{sys.argv[1]}.txt", "w").write("1")\n',
    });
    const { exitCode, value } = await asked(s, 'run', 'run_all');
    expect(exitCode).toBe(0);
    const logs = (value['actions'] as { log: string }[]).map(({ log }) => join(s.folder, log));
    expect(logs).toContain(join(s.folder, 'metadata/a_b.log'));
    expect(logs.map((log) => existsSync(log))).toEqual([true, true]);
    await told(s, 'clean', '--all');
    expect(logs.map((log) => existsSync(log))).toEqual([false, false]);
  });

  it('gives the problems of what can not be done, with the same words and exit codes', async () => {
    const s = session(study);
    for (const [folder, ...words] of [
      [s, 'run', 'nothing'],
      [s, 'run'],
      [session(), 'run', 'good'],
      [session({ 'project.yaml': 'version: 6\nactions: {}\n' }), 'run', 'good'],
      [session(), 'clean'],
      [s, 'codelists', 'update'],
      [s, 'codelists', 'add', 'https://example.org/nothing'],
      [session({ 'codelists/codelists.txt': 'a\n' }), 'codelists', 'check'],
    ] as const) {
      const [{ exitCode, value, error }, plain] = [await asked(folder, ...words), await told(folder, ...words)];
      expect([exitCode, value['ok'], error]).toEqual([plain.exitCode, false, '']);
      for (const { message } of value['problems'] as { message: string }[])
        expect(plain.error).toContain(message.replaceAll(`${folder.folder}/`, ''));
    }
    expect((await asked(session(), 'codelists', 'check')).value).toEqual({ ok: true, checked: 0 });
    expect((await s.run('run', 'good', '--json', '--nonsense')).exitCode).toBe(2);
  });
});
