import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { session } from '../../testing.js';
import { lockStudy } from './lock.js';

const action = (name: string, words: string, outputs: string, needs: readonly string[] = []): string =>
  `  ${name}:\n    run: python:v2 ${words}\n    needs: [${needs.join(', ')}]\n    outputs: {moderately_sensitive: {o: ${outputs}}}\n`;
const project = (...actions: string[]): string => `version: "5.0"\nactions:\n${actions.join('')}`;

/** Copies its input, if it has one, and adds its own name. */
const script = `
import pathlib, sys
name, *needs = sys.argv[1:]
pathlib.Path("output").mkdir(exist_ok=True)
text = "".join(pathlib.Path(f"output/{need}.txt").read_text() for need in needs)
pathlib.Path(f"output/{name}.txt").write_text(text + name + " ")
print("hello from", name)
`;
const chain = {
  'project.yaml': project(
    action('first', 'a.py first', 'output/first.txt'),
    action('second', 'a.py second first', 'output/second.txt', ['first']),
    action('other', 'a.py other', 'output/other.txt'),
  ),
  'a.py': script,
};
const run = ['run', '--project-dir', 'FOLDER/'];
const plan = ['plan', '--project-dir', 'FOLDER/'];

describe('glovebox run', () => {
  it('runs what is needed, says so line by line, sums up, and knows next time that nothing is to do', async () => {
    const s = session(chain);
    const first = await s.run(...run, 'second');
    expect(first).toMatchObject({ exitCode: 0, error: '' });
    expect(first.out).toContain('\nRunning actions: first, second\n');
    expect(first.out).toContain('second: Preparing your code and workspace files\n');
    expect(first.out).toContain('=> second\n   Completed successfully\n\n   log file: metadata/second.log\n');
    expect(first.out).toContain('     output/second.txt  - moderately_sensitive\n');
    expect(readFileSync(join(s.folder, 'output/second.txt'), 'utf8')).toBe('first second ');
    expect(readFileSync(join(s.folder, 'metadata/second.log'), 'utf8')).toMatch(/Z hello from second\n/);

    const all = await s.run(...run, 'run_all');
    expect(all.out).toContain('Running actions: other\n');
    const nothing = await s.run(...run, 'run_all');
    expect(nothing).toEqual({
      exitCode: 0,
      out: 'All actions already completed successfully\nUse -f option to force everything to re-run\n',
      error: '',
    });
    expect(existsSync(join(s.folder, 'metadata/glovebox/work'))).toBe(false);
  });

  it.each([
    [['frist'], 'No action is called `frist`.'],
    [[], 'No action was asked for.'],
  ])('lists the actions when asked for %j', async (names, message) => {
    const { exitCode, error } = await session(chain).run(...run, ...names);
    expect(exitCode).toBe(1);
    expect(error).toContain(message);
    expect(error).toContain('\n  run_all (runs all actions in project)\n  first\n  second\n  other\n');
  });

  it('shows the last 32 lines of an action that failed, without control characters, and stops', async () => {
    const s = session({
      'project.yaml': project(
        action('bad', 'bad.py', 'b.txt'),
        action('after', 'a.py after', 'output/after.txt', ['bad']),
      ),
      'bad.py': 'for i in range(50): print("line", i, "\\x1b[2J")\nprint()\nraise SystemExit(3)\n',
      'a.py': script,
    });
    const { exitCode, out } = await s.run(...run, 'after', '--timestamps');
    expect(exitCode).toBe(1);
    expect(out).toMatch(/=> bad\n {3}.* Exit code 3\.\n/);
    expect(out).toContain('   logs (truncated):\n\n     line 19 [2J\n');
    expect(out).not.toContain('\u001b');
    expect(out).toContain('Did not run or did not end: after\n');
    expect(out).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}Z bad: /m);
  });

  it('goes on with what does not need the failed action when told to', async () => {
    const s = session({
      'project.yaml': project(
        action('bad', 'bad.py', 'b.txt'),
        action('after', 'a.py after', 'output/after.txt', ['bad']),
        action('good', 'a.py good', 'output/good.txt'),
      ),
      'bad.py': 'raise SystemExit(1)\n',
      'a.py': script,
    });
    const { exitCode, out } = await s.run(...run, 'run_all', '--continue-on-error', '-c', '1');
    expect(exitCode).toBe(1);
    expect(out).toContain('=> good\n   Completed successfully');
    expect(out).toContain('Did not run or did not end: after\n');
    expect((await s.run(...plan, 'after')).out).toContain('bad    its last run failed\n');
  });

  it('names the files that were written under another name', async () => {
    const s = session({
      'project.yaml': project(action('miss', 'm.py', 'right.txt')),
      'm.py': 'open("wrong.txt", "w").write("x")\n',
    });
    const { exitCode, out } = await s.run(...run, 'miss');
    expect(exitCode).toBe(1);
    expect(out).toContain('   no file was written that matches:\n     right.txt  - moderately_sensitive\n');
    expect(out).toContain('   did one of these have the wrong name?:\n     wrong.txt\n');
  });

  it('removes an output that the action no longer makes, and nothing that a failed run would have made', async () => {
    const s = session({
      'project.yaml': project(action('many', 'm.py', 'output/*.txt')),
      'm.py':
        'import os; os.makedirs("output", exist_ok=True)\nfor n in "ab": open(f"output/{n}.txt", "w").write("1")\n',
    });
    await s.run(...run, 'many');
    writeFileSync(join(s.folder, 'output/own.txt'), 'not made by the action');
    writeFileSync(join(s.folder, 'm.py'), 'raise SystemExit(1)\n');
    await s.run(...run, 'many');
    expect(existsSync(join(s.folder, 'output/b.txt'))).toBe(true);
    writeFileSync(
      join(s.folder, 'm.py'),
      'import os; os.makedirs("output", exist_ok=True); open("output/a.txt", "w").write("2")\n',
    );
    const { out } = await s.run(...run, 'many');
    expect(out).toContain('   removed, because the action no longer makes it:\n     output/b.txt\n');
    expect(existsSync(join(s.folder, 'output/b.txt'))).toBe(false);
    expect(existsSync(join(s.folder, 'output/own.txt'))).toBe(true);
    expect(readFileSync(join(s.folder, 'output/a.txt'), 'utf8')).toBe('2');
  });

  it('does not write or remove through links, nor wait on a pipe in the study', async () => {
    const unlink = 'import os\nif os.path.islink("output"): os.remove("output")\n';
    const s = session({ ...chain, 'a.py': unlink + script });
    const elsewhere = session({ 'first.txt': 'precious', 'keep/x': '' });
    symlinkSync(elsewhere.folder, join(s.folder, 'output'));
    execFileSync('/usr/bin/mkfifo', [join(s.folder, 'pipe')]);
    const { exitCode, out } = await s.run(...run, 'first');
    expect(exitCode).toBe(1);
    expect(out).toContain('because output is a link that leads out of the study.');
    expect(readFileSync(join(elsewhere.folder, 'first.txt'), 'utf8')).toBe('precious');
    rmSync(join(s.folder, 'output'));
    mkdirSync(join(s.folder, 'output'));
    symlinkSync(join(elsewhere.folder, 'first.txt'), join(s.folder, 'output/first.txt'));
    expect((await s.run(...run, 'first')).exitCode).toBe(0);
    expect(readFileSync(join(elsewhere.folder, 'first.txt'), 'utf8')).toBe('precious');
  });

  it('believes no record that points out of the study', async () => {
    const s = session({
      ...chain,
      'metadata/glovebox/latest.json': JSON.stringify({
        first: { job: 'j', state: 'succeeded', completedAt: '', outputs: ['../../etc/hostname'] },
      }),
    });
    expect((await s.run(...plan, 'second')).out).toContain('first   it never ran\n');
  });

  it('refuses before anything runs what is not offered here, and says what to use instead', async () => {
    const old = (image: string, n: string): string =>
      `  ${n}:\n    run: ${image} x\n    outputs: {highly_sensitive: {o: ${n}.csv}}\n`;
    const s = session({
      'project.yaml': `version: "3.0"\nexpectations: {population_size: 10}\nactions:\n${action('first', 'a.py first', 'output/first.txt')}${old('jupyter:latest', 'n')}${old('sqlrunner:latest', 'q')}${old('cohortextractor:latest', 'c')}${old('databuilder:v0', 'd')}${old('stata-mp:latest', 't')}`,
      'a.py': script,
    });
    const { exitCode, out, error } = await s.run(...run, 'run_all', '--executor', 'bubblewrap');
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: '' });
    for (const [name, image, instead] of [
      ['n', 'jupyter:latest', 'as a script in a python action'],
      ['q', 'sqlrunner:latest', 'ehrql:v1 generate-dataset'],
      ['c', 'cohortextractor:latest', 'ehrql:v1 generate-dataset or generate-measures'],
      ['d', 'databuilder:v0', 'ehrql:v1 in place of databuilder'],
      ['t', 'stata-mp:latest', 'use an r or python action'],
    ]) {
      expect(error).toMatch(
        new RegExp(`The action \`${name}\` runs in ${image}, which is not offered here\\..*${instead}`),
      );
    }
    expect((await s.run(...run, 'first')).exitCode).toBe(0);
    expect((await s.run(...plan)).out).toContain('\n  t      it never ran\n');
  });

  it('refuses a second run in the same folder, and metadata that is a link', async () => {
    const s = session(chain);
    const unlock = await lockStudy(s.folder);
    expect(await s.run(...run, 'first')).toMatchObject({
      exitCode: 1,
      error: expect.stringContaining('Another glovebox command is running in') as string,
    });
    await unlock();
    symlinkSync('/tmp', join(s.folder, 'metadata'));
    expect((await s.run(...run, 'first')).error).toContain('metadata is a link or a file');
  });

  it('stops at Ctrl-C, cleans up and ends with 1', async () => {
    const s = session({
      'project.yaml': project(action('slow', 'slow.py', 'x.txt')),
      'slow.py': 'import time\ntime.sleep(600)\n',
    });
    const running = s.run(...run, 'slow');
    const job = join(s.folder, 'metadata/glovebox/work');
    await expect.poll(() => existsSync(job), { timeout: 20_000 }).toBe(true);
    process.emit('SIGINT');
    expect(await running).toMatchObject({ exitCode: 1, error: 'Killed by user\n' });
    expect(existsSync(job)).toBe(false);
  });

  it('prints whole logs for GitHub so that they give it no commands, and keeps folders for debugging until clean', async () => {
    const s = session({ ...chain, 'a.py': `${script}\nprint("::set-env name=x::y")\n` });
    const { out } = await s.run(...run, 'first', '--format-output-for-github', '--debug');
    expect(out).toMatch(
      /::group:: log file: metadata\/first.log\n::stop-commands::(\w+)\n(.*\n)*::set-env.*\n::\1::\n::endgroup::/,
    );
    const kept = /first: Its folder is kept: (.*)\n/.exec(out)?.[1] ?? '';
    expect(existsSync(join(s.folder, kept, 'output/first.txt'))).toBe(true);
    expect((await s.run('clean', '--project-dir', 'FOLDER/')).out).toBe(
      'Removed 1 folder of actions and 0 stored jobs.\n',
    );
    expect(existsSync(join(s.folder, kept))).toBe(false);
    expect((await s.run(...plan, 'second')).out).toContain('Would be reused:\n  first   up to date, made at ');
    await s.run('clean', '--all', '--project-dir', 'FOLDER/');
    expect((await s.run(...plan, 'second')).out).toContain('first   it never ran\n');
  });

  it('limits memory and processors as told, and refuses nonsense', async () => {
    const s = session({
      'project.yaml': project(action('big', 'big.py', 'x.txt'), action('count', 'count.py', 'n.txt')),
      'big.py': 'b"x" * (600 * 2**20)\n',
      'count.py': 'import os; open("n.txt", "w").write(str(len(os.sched_getaffinity(0))))\n',
    });
    const big = await s.run(...run, 'big', '-m', '200M');
    expect(big.exitCode).toBe(1);
    await s.run(...run, 'count', '--cpus', '1');
    expect(readFileSync(join(s.folder, 'n.txt'), 'utf8')).toBe('1');
    for (const words of [
      ['-m', '4Q'],
      ['-m', '1'],
      ['-c', '0'],
      ['--cpus', 'x'],
    ]) {
      expect((await s.run(...run, 'count', ...words)).exitCode).toBe(2);
    }
  });
});

describe('glovebox plan', () => {
  it('notices that another interpreter stands for an image than the one that made the outputs', async () => {
    const s = session(chain);
    await s.run(...run, 'run_all');
    const file = join(s.folder, 'metadata/glovebox/latest.json');
    const state = readFileSync(file, 'utf8');
    const [, packages = ''] = /"runtime": "3\.\d+\.\d+ ([0-9a-f]{64})"/.exec(state) ?? [];
    const log = readFileSync(join(s.folder, 'metadata/first.log'), 'utf8');
    expect(log).toMatch(/^runtime: \/.*python3\nruntime_version: 3\.\d+/m);
    expect(log).toContain(`\nruntime_packages: ${packages}\n`);
    writeFileSync(file, state.replaceAll('"runtime": "3', '"runtime": "2'));
    expect((await s.run(...plan)).out).toContain('first   the image `python:v2` was updated\n');
    writeFileSync(file, state.replaceAll(packages, 'other'));
    expect((await s.run(...plan)).out).toContain('first   the image `python:v2` was updated\n');
  });

  it('says why each action would run and what would be reused', async () => {
    const s = session(chain);
    expect((await s.run(...plan)).out).toBe(
      'Would run:\n  first   it never ran\n  second  it never ran\n  other   it never ran\n\nNext: glovebox run run_all\n',
    );
    await s.run(...run, 'run_all');
    expect((await s.run(...plan)).out).toContain('\nNothing to do.');
    rmSync(join(s.folder, 'output/first.txt'));
    const { out } = await s.run(...plan, 'second');
    expect(out).toContain('first   an output is missing: `output/first.txt`\n');
    expect(out).toContain('second  it was asked for by name\n');
    expect((await s.run(...plan, '-f', 'other')).out).toContain('other  it was asked for by name\n');
  });

  it('names the file that changed, as text and as data, and run says so and runs what it changes', async () => {
    const s = session({ ...chain, 'glovebox.yaml': 'reads: {first: [a.py], second: [a.py], other: [b.py]}\n' });
    await s.run(...run, 'run_all');
    writeFileSync(join(s.folder, 'README.md'), 'documentation');
    writeFileSync(join(s.folder, 'new.py'), 'nobody reads it');
    expect((await s.run(...plan)).out).toContain('\nNothing to do.');
    writeFileSync(join(s.folder, 'a.py'), `${script}\n# the same\n`);
    const { actions } = JSON.parse((await s.run(...plan, '--json')).out) as { actions: { action: string }[] };
    expect(actions).toMatchObject([
      {
        action: 'first',
        does: 'run',
        words: '`a.py` changed',
        reasons: [{ kind: 'files-changed', changed: ['a.py'] }],
      },
      { action: 'second', does: 'run', words: '`a.py` changed; it needs `first`, which will run' },
      { action: 'other', does: 'reuse', words: 'up to date' },
    ]);
    const { out } = await s.run(...run, 'run_all');
    expect(out).toContain('Running actions: first, second\n\nfirst: Runs again because `a.py` changed\n');
    expect((await s.run(...run, 'run_all')).out).toContain('All actions already completed successfully\n');
  });

  it('keeps what was made from outputs that a new run made the same again', async () => {
    const s = session(chain);
    await s.run(...run, 'second');
    await s.run(...run, 'first');
    expect((await s.run(...plan, 'run_all')).out).toContain('second  up to date');
  });

  it('runs a reusable action on its own code with the outputs of what it needs, and again when its release moves', async () => {
    const shared = session({
      'tool/action.yaml': 'run: python:v2 python tool.py\n',
      'tool/tool.py':
        'import os, sys\nassert not os.path.exists("a.py")\nopen("output/tool.txt", "w").write(open("output/first.txt").read() + sys.argv[1])\n',
    });
    const git = (...words: string[]): void =>
      void execFileSync('git', [
        '-C',
        join(shared.folder, 'tool'),
        '-c',
        'user.name=A',
        '-c',
        'user.email=a@example.org',
        ...words,
      ]);
    git('init', '-q', '-b', 'main');
    git('add', '-A');
    git('commit', '-q', '-m', 'one');
    git('tag', 'v1');
    const s = session({
      ...chain,
      'project.yaml': project(
        action('first', 'a.py first', 'output/first.txt'),
        action('tool', 'x', 'output/tool.txt', ['first']).replace('python:v2 x', 'tool:v1 word'),
      ),
    });
    vi.stubEnv('GLOVEBOX_REUSABLE_ACTIONS', shared.folder);
    vi.stubEnv('XDG_CACHE_HOME', join(shared.folder, 'cache'));
    expect((await s.run(...run, 'tool')).out).toContain('=> tool\n   Completed successfully');
    expect(readFileSync(join(s.folder, 'output/tool.txt'), 'utf8')).toBe('first word');
    writeFileSync(join(s.folder, 'glovebox.yaml'), 'reads: {first: [a.py]}\n');
    writeFileSync(join(s.folder, 'b.py'), '');
    expect((await s.run(...plan)).out).toContain('tool   up to date');
    git('commit', '-q', '--allow-empty', '-m', 'two');
    git('tag', '-f', 'v1');
    expect((await s.run(...plan)).out).toContain('tool   the reusable action changed');
    git('tag', '-d', 'v1');
    expect((await s.run(...plan)).error).toContain('has no release `v1`');
    vi.unstubAllEnvs();
  });

  it('refuses a glovebox.yaml that is wrong, with every problem', async () => {
    const s = session({
      ...chain,
      'glovebox.yaml': 'reads: {frist: [a.py], second: [../x, 7], other: a.py}\nwrites: {}\n',
    });
    const { exitCode, error } = await s.run(...plan);
    expect(exitCode).toBe(1);
    expect(error).toContain('`reads` names the action `frist`');
    expect(error).toContain('`first` may be what was meant.');
    expect(error.match(/must be a path inside the study/g)).toHaveLength(2);
    expect(error).toContain('must be a list of paths');
    expect(error).toContain('Unexpected key `writes` in glovebox.yaml');
  });

  it('refuses unknown names and folders without a study', async () => {
    expect((await session(chain).run(...plan, 'x')).error).toContain('run_all (runs all actions in project)');
    expect(await session().run(...plan)).toMatchObject({
      exitCode: 1,
      error: expect.stringContaining('glovebox init NAME') as string,
    });
  });
});
