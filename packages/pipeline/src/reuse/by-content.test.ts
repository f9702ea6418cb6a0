import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entryWords } from '@glovebox/record';
import { planJobs, type Plan } from '../plan.js';
import { readPipeline } from '../read.js';
import { codeTree } from './code-tree.js';
import { compareParts } from './compare.js';
import type { EarlierJob } from './decision.js';
import { outputsPart, reuseKey, type ReuseParts } from './parts.js';

interface World {
  files: Record<string, string>;
  text: string;
  release: string | null;
  runtime: string | null;
  reads: Record<string, string[]>;
}
const text = `version: 5
actions:
  extract:
    run: ehrql:v1 generate-dataset analysis/dataset.py --output output/d.csv
    outputs: {highly_sensitive: {d: output/d.csv}}
  clean:
    run: r:v2 analysis/clean.R
    needs: [extract]
    config: {bins: 10}
    outputs: {highly_sensitive: {c: output/c.rds}}
  model:
    run: r:v2 analysis/model.R
    needs: [clean]
    outputs: {moderately_sensitive: {m: output/m.csv}}
  other:
    run: python:v2 analysis/other.py
    outputs: {moderately_sensitive: {m: output/o.csv}}
`;
const world: World = {
  files: {
    'project.yaml': 'p1',
    'README.md': 'r1',
    'docs/notes.md': 'n1',
    '.gitignore': 'g1',
    '.Rprofile': 'rp1',
    'output/d.csv': 'committed',
    'analysis/dataset.py': 'd1',
    'analysis/shared.py': 's1',
    'analysis/clean.R': 'c1',
    'analysis/model.R': 'm1',
    'codelists/a.csv': 'a1',
  },
  text,
  release: 'release-1',
  runtime: 'sha256:1',
  reads: {},
};

const opened = ['analysis/dataset.py', 'codelists/a.csv', 'lib/codes/asthma/lists.py'];

/** A workspace that remembers what ran, as a backend would. */
function workspace() {
  const history = new Map<string, EarlierJob[]>();
  let number = 0;
  function plan(requested: string[], w: World, force = false): Plan {
    const { pipeline } = readPipeline(w.text, 'project.yaml');
    if (!pipeline) throw new Error('the test pipeline must be valid');
    return planJobs({
      pipeline,
      requested,
      force,
      rule: 'by-content',
      history,
      now: {
        tree: codeTree(Object.entries(w.files)),
        reads: new Map(Object.entries(w.reads)),
        runtimeOf: () => w.runtime,
        dataRelease: w.release,
      },
    });
  }
  function run(requested: string[], w: World, failing: string[] = []): string[] {
    const { jobs } = plan(requested, w);
    const done = new Set<string>();
    const tree = codeTree(Object.entries(w.files));
    for (const { action, waitsFor } of jobs) {
      number += 1;
      const inputs = Object.entries(waitsFor).map(([need, job]) => {
        const made = history.get(need)?.find((before) => (job === null ? true : before.job === job));
        return [need, made?.digest ?? ''] as const;
      });
      const isGood =
        !failing.includes(action.name) && action.needs.every((need) => waitsFor[need] !== null || done.has(need));
      if (isGood) done.add(action.name);
      const before: EarlierJob = {
        job: `${number}`,
        state: isGood ? 'succeeded' : 'failed',
        digest: `m${number}`,
        made: {
          args: action.args,
          image: action.image,
          tag: action.tag,
          runtime: w.runtime,
          code: null,
          outputs: action.outputs,
          tree,
          read: action.name === 'extract' && isGood ? opened : null,
          inputs: Object.fromEntries(inputs),
          dataRelease: w.release,
        },
      };
      history.set(action.name, [before, ...(history.get(action.name) ?? [])]);
    }
    return jobs.map(({ action }) => action.name);
  }
  const words = (requested: string[], w: World, force = false): Record<string, string> =>
    Object.fromEntries(plan(requested, w, force).entries.map((entry) => [entry.action, entryWords(entry)]));
  return { run, plan, words, history };
}

const changed = (change: Partial<World>): World => ({ ...world, ...change });
const withFiles = (files: Record<string, string>): World => changed({ files: { ...world.files, ...files } });
const afterRunAll = () => {
  const w = workspace();
  expect(w.run(['run_all'], world)).toEqual(['extract', 'clean', 'model', 'other']);
  return w;
};
const upToDate = {
  extract: 'up to date (job 1)',
  clean: 'up to date (job 2)',
  model: 'up to date (job 3)',
  other: 'up to date (job 4)',
};

describe('reuse by content', () => {
  it('runs nothing again when nothing changed', () => {
    const w = afterRunAll();
    expect(w.words(['run_all'], world)).toEqual(upToDate);
    expect(w.words(['model'], world)).toEqual({
      extract: 'up to date (job 1)',
      clean: 'reused from job 2',
      model: 'will run because it was asked for by name',
    });
  });

  it.each([
    ['a script', withFiles({ 'analysis/clean.R': 'c2' }), 'clean', '`analysis/clean.R` changed'],
    [
      'two files',
      withFiles({ 'analysis/clean.R': 'c2', 'analysis/new.R': 'x' }),
      'clean',
      '`analysis/clean.R` changed (and 1 more)',
    ],
    ['a hidden file that R runs', withFiles({ '.Rprofile': 'x' }), 'clean', '`.Rprofile` changed'],
    [
      'the command',
      changed({ text: text.replace('analysis/clean.R', 'analysis/clean.R --fast') }),
      'clean',
      'its command changed',
    ],
    ['the config', changed({ text: text.replace('bins: 10', 'bins: 20') }), 'clean', 'its config changed'],
    [
      'the image',
      changed({ text: text.replace('r:v2 analysis/clean', 'r:v3 analysis/clean') }),
      'clean',
      'its image changed from `r:v2` to `r:v3`',
    ],
    [
      'the level of an output',
      changed({ text: text.replace('moderately_sensitive: {m: output/o', 'highly_sensitive: {m: output/o') }),
      'other',
      'the outputs that it declares changed',
    ],
    ['what stands for the image', changed({ runtime: 'sha256:2' }), 'other', 'the image `python:v2` was updated'],
    ['the data', changed({ release: 'release-2' }), 'extract', 'the data is of release-2, no longer of release-1'],
    ['the definition', withFiles({ 'analysis/dataset.py': 'd2' }), 'extract', '`analysis/dataset.py` changed'],
    [
      'a codelist that the definition opened',
      withFiles({ 'codelists/a.csv': 'a2' }),
      'extract',
      '`codelists/a.csv` changed',
    ],
    [
      'a module that could shadow another',
      withFiles({ 'analysis/datetime.py': 'x' }),
      'extract',
      '`analysis/datetime.py` was added',
    ],
    [
      'a module that could shadow the folder of one that was imported',
      withFiles({ 'lib/codes.py': 'x' }),
      'extract',
      '`lib/codes.py` was added',
    ],
    [
      'a link that could be a package that shadows another',
      withFiles({ 'analysis/json': 'x' }),
      'extract',
      '`analysis/json` was added',
    ],
    [
      'a package that could shadow another',
      withFiles({ 'argparse/__init__.py': 'x' }),
      'extract',
      '`argparse/__init__.py` was added',
    ],
  ])('runs again what %s changes', (_, now, action, reason) => {
    const words = afterRunAll().words(['run_all'], now)[action];
    expect(words).toContain('will run because ');
    expect(words).toContain(reason);
  });

  it.each([
    [
      'documentation',
      withFiles({ 'README.md': 'x', 'docs/notes.md': 'x', LICENSE: 'x', '.github/workflows/a.yml': 'x' }),
    ],
    ['a committed output', withFiles({ 'output/d.csv': 'x', 'output/c.rds': 'x' })],
    ['what actions are called in project.yaml', withFiles({ 'project.yaml': 'p2' })],
    ['what is not known of the image', changed({ runtime: null })],
    ['what is not known of the data', changed({ release: null })],
  ])('keeps everything when only %s changes', (_, now) => {
    expect(afterRunAll().words(['run_all'], now)).toEqual(upToDate);
  });

  it('looks only at the files that the definition opened, for what evaluates one', () => {
    const words = afterRunAll().words(['run_all'], withFiles({ 'analysis/model.R': 'm2', 'analysis/shared.py': 's2' }));
    expect(words['extract']).toBe('reused from job 1');
    expect(words['other']).toBe('will run because `analysis/model.R` changed (and 1 more)');
  });

  it('runs what needs an action that will run, and says so', () => {
    const w = afterRunAll();
    expect(w.words(['run_all'], changed({ release: 'release-2' }))).toEqual({
      extract: 'will run because the data is of release-2, no longer of release-1',
      clean: 'will run because it needs `extract`, which will run',
      model: 'will run because it needs `clean`, which will run',
      other: 'up to date (job 4)',
    });
  });

  it('finds the outputs from before a change that is taken back', () => {
    const w = afterRunAll();
    const other = withFiles({ 'analysis/dataset.py': 'd2' });
    expect(w.run(['model'], other)).toEqual(['extract', 'clean', 'model']);
    expect(w.plan(['run_all'], world).entries).toMatchObject([
      { action: 'extract', does: 'reuse', job: '1', isLatest: false },
      { action: 'clean', does: 'reuse', job: '2', isLatest: false },
      { action: 'model', does: 'reuse', job: '3', isLatest: false },
      { action: 'other', does: 'reuse', job: '4', isLatest: true },
    ]);
    expect(w.words(['run_all'], world)['extract']).toBe('reused from job 1');
  });

  it('runs a failed action again when its content is what failed, not when that was another', () => {
    const w = afterRunAll();
    const broken = withFiles({ 'analysis/clean.R': 'c2' });
    w.run(['clean'], broken, ['clean']);
    expect(w.words(['model'], broken)['clean']).toBe('will run because its last run failed');
    expect(w.words(['model'], world)['clean']).toBe('reused from job 2');
  });

  it('an action may have a name that JavaScript reserves', () => {
    const named = changed({ text: text.replace('  clean:', '  __proto__:').replace('[clean]', '[__proto__]') });
    const w = workspace();
    w.run(['run_all'], named);
    expect(w.words(['run_all'], named)['model']).toBe('up to date (job 3)');
  });

  it('remade inputs are other inputs', () => {
    const w = afterRunAll();
    w.run(['extract'], world);
    expect(w.words(['run_all'], world)['clean']).toBe('will run because `extract` was made again');
  });

  it('explicit requests and force always run', () => {
    const w = afterRunAll();
    expect(w.run(['extract'], world)).toEqual(['extract']);
    expect(w.words(['clean'], world, true)).toEqual({
      extract: 'will run because the run is forced',
      clean: 'will run because it was asked for by name',
    });
  });

  it('follows what the study says that an action reads', () => {
    const w = afterRunAll();
    const reads = { other: ['analysis/other.py', 'lib/**/*.R'] };
    const now = (files: Record<string, string>): World => ({ ...withFiles(files), reads });
    expect(w.words(['other', 'run_all'], now({}))['other']).toContain('asked for by name');
    expect(w.words(['run_all'], now({ 'analysis/model.R': 'm2' }))['other']).toBe('up to date (job 4)');
    expect(w.words(['run_all'], now({ 'lib/a/b.R': 'x' }))['other']).toBe('will run because `lib/a/b.R` was added');
    expect(w.words(['run_all'], now({ 'lib/b.R': 'x' }))['other']).toBe('will run because `lib/b.R` was added');
  });

  it('waits for what is running, and what needs it runs', () => {
    const w = afterRunAll();
    const [latest] = w.history.get('extract') ?? [];
    if (!latest) throw new Error('extract ran');
    w.history.set('extract', [{ ...latest, job: '9', state: 'running' }, latest]);
    expect(w.words(['model'], world)).toMatchObject({
      extract: 'waits for job 9',
      clean: expect.stringContaining('needs `extract`') as string,
    });
    expect(w.plan(['model'], world).jobs[0]?.waitsFor).toEqual({ extract: '9' });
  });

  it('runs what was made before such things were recorded, and what lost its outputs', () => {
    const w = afterRunAll();
    const [extract] = w.history.get('extract') ?? [];
    const [other] = w.history.get('other') ?? [];
    if (!extract || !other) throw new Error('both ran');
    const { made: _made, ...unrecorded } = extract;
    w.history.set('extract', [unrecorded]);
    w.history.set('other', [{ ...other, missing: ['output/o.csv'] }]);
    expect(w.words(['run_all'], world)).toMatchObject({
      extract: 'will run because what its last run was made from is not known',
      other: 'will run because an output is missing: `output/o.csv`',
    });
  });
});

const some = fc.constantFrom('a', 'b', 'c');
const selected = fc.dictionary(some, some).map((files) => {
  const { digest, files: map } = codeTree(Object.entries(files));
  return { digest, files: map };
});
const parts: fc.Arbitrary<ReuseParts> = fc.record({
  command: fc.array(some, { maxLength: 2 }),
  config: fc.option(some),
  image: some,
  runtime: fc.option(some),
  code: fc.option(some),
  files: selected,
  outputs: fc.array(some, { maxLength: 2 }),
  inputs: fc.dictionary(some, some, { maxKeys: 2 }),
  dataRelease: fc.option(some),
});

describe('keys', () => {
  it('are equal exactly when there is no reason to run again', () => {
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        expect(compareParts(a, b).length === 0).toBe(reuseKey(a) === reuseKey(b));
        expect(compareParts(a, a)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('do not depend on the order in which files, inputs or outputs are named', () => {
    expect(outputsPart({ highly_sensitive: { b: 'b', a: 'a' } })).toEqual(
      outputsPart({ highly_sensitive: { a: 'a', b: 'b' } }),
    );
    expect(
      codeTree([
        ['a', '1'],
        ['b', '2'],
      ]).digest,
    ).toBe(
      codeTree([
        ['b', '2'],
        ['a', '1'],
      ]).digest,
    );
  });
});

it('2,500 actions with 1,000 files and a history are planned in well under a second', () => {
  const actions = Array.from(
    { length: 2500 },
    (_, i) =>
      `  a${i}:\n    run: r:v2 a.R ${i}\n    needs: [${i % 50 === 0 ? '' : `a${i - 1}`}]\n    outputs: {highly_sensitive: {a: output/${i}.rds, b: output/${i}-*.rds}}\n`,
  );
  const many = {
    ...world,
    text: `version: 5\nactions:\n${actions.join('')}`,
    files: Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`analysis/${i}.R`, `${i}`])),
  };
  const w = workspace();
  expect(w.run(['run_all'], many)).toHaveLength(2500);
  const start = process.cpuUsage();
  expect(w.plan(['run_all'], many).jobs).toEqual([]);
  expect(process.cpuUsage(start).user / 1000).toBeLessThan(4000);
}, 60_000);
