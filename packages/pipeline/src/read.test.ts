import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPipeline } from './read.js';

/** A valid project with one action, parts of which a test replaces. */
const project = ({
  version = '"5.0"',
  run = 'r:v2 analysis/a.R',
  outputs = '{highly_sensitive: {a: output/a.rds}}',
  more = '',
  top = '',
} = {}): string => `version: ${version}\n${top}actions:\n  a:\n    run: ${run}\n    outputs: ${outputs}\n${more}`;

const codes = (text: string): string[] => readPipeline(text, 'project.yaml').problems.map((p) => p.code);
const args = (run: string, more = ''): readonly string[] | undefined =>
  readPipeline(project({ run, more }), 'p').pipeline?.actions[0]?.args;

describe('the document', () => {
  it.each([
    ['', 'empty-file'],
    ['- a\n', 'not-a-mapping'],
    ['a: [1', 'yaml-syntax'],
    ['a: 1\n\tb: 2\n', 'yaml-syntax'],
    [`${project()}---\nversion: 5\n`, 'several-documents'],
    [project({ more: '  a:\n    run: r:v2 b.R\n    outputs: {highly_sensitive: {}}\n' }), 'duplicate-key'],
    [project({ top: 'x: 1\n' }), 'unknown-key'],
    ['version: 5\n', 'actions-missing'],
    ['version: 5\nactions: [a]\n', 'not-a-mapping'],
    ['version: 5\nactions: {a: }\n', 'not-a-mapping'],
  ])('%j is refused as %s', (text, code) => expect(codes(text)).toContain(code));

  it('reports every problem of a file, each with its place, in file order', () => {
    const text =
      'version: 4\nactions:\n  a:\n    run: r:2 a.R\n    needs: [b]\n    outputs:\n      moderately_sensitive:\n        x: output/*\n';
    const { problems, pipeline } = readPipeline(text, 'project.yaml');
    expect(pipeline).toBeUndefined();
    expect(problems.map((p) => [p.code, p.place?.line, p.place?.column])).toEqual([
      ['image-version', 4, 10],
      ['unknown-need', 5, 13],
      ['output-no-extension', 8, 12],
    ]);
    expect(problems[0]?.place).toMatchObject({ path: 'project.yaml', excerpt: '    run: r:2 a.R', endColumn: 13 });
  });

  it('follows anchors, aliases and merge keys', () => {
    const text =
      'version: 5\nactions:\n  a: &a\n    run: r:v2 a.R\n    outputs: {highly_sensitive: {x: a.rds}}\n  b:\n    <<: *a\n    run: r:v2 b.R\n    outputs: {highly_sensitive: {x: b.rds}}\n';
    expect(readPipeline(text, 'p').pipeline?.actions.map((a) => a.run)).toEqual(['r:v2 a.R', 'r:v2 b.R']);
  });

  it.each([
    [
      'aliases that double',
      `a0: &a0 [x, x]\n${Array.from({ length: 40 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]\n`).join('')}`,
    ],
    ['brackets', '['.repeat(200_000)],
    ['mappings', '{a: '.repeat(20_000)],
    ['indentation', Array.from({ length: 2000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
    ['size', `version: 5\n# ${'x'.repeat(5_000_000)}`],
    ['aliases of a long text', `a: &a "${'x'.repeat(200_000)}"\n${'b: *a\n'.repeat(20)}`],
    ['one long text', `a: "${'x'.repeat(2_000_000)}"`],
    ['an alias of itself', 'a: &a [*a]'],
    ['a path of slashes', project({ outputs: `{highly_sensitive: {a: "${'/'.repeat(200_000)}a.csv"}}` })],
  ])('a document built to exhaust memory by %s is refused quickly', (_, text) => {
    // Time of the processor, which is this test's own however much else the machine does.
    const start = process.cpuUsage();
    expect(readPipeline(text, 'p').pipeline).toBeUndefined();
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(500);
  });

  it('says the first hundred problems of a file that has a hundred thousand, in words that do not grow with it', () => {
    const needs = Array.from({ length: 150_000 }, (_, i) => i).join(',');
    const found = readPipeline(project({ more: `    needs: [${needs}, "${'x '.repeat(50_000)}"]\n` }), 'p').problems;
    expect(found).toHaveLength(101);
    expect(found.at(-1)?.message).toBe('And 149901 more problems from here on; the first 100 are shown.');
    const [one] = readPipeline(project({ outputs: `{highly_sensitive: {a: ${'../'.repeat(50_000)}}}` }), 'p').problems;
    expect(one?.message.length).toBeLessThan(500);
  });

  it('what is wrong with the document does not hide what is wrong with its values, and is said once', () => {
    const more = '    needs: [b]\n    needs: *c\n';
    expect(codes(project({ more, top: '? [x]\n: y\n', version: '6' }))).toEqual([
      'version-too-new',
      'key-not-text',
      'duplicate-key',
      'alias-unknown',
    ]);
    expect(codes(project({ run: '"r:v2 \\ud800"' }))).toEqual(['yaml-syntax']);
  });

  it('warns where older readers of YAML take a word for something else', () => {
    const { warnings, pipeline } = readPipeline(project({ more: '    config: {paired: yes}\n' }), 'p');
    expect(warnings.map((w) => w.code)).toEqual(['yaml-readings-differ']);
    expect(pipeline?.actions[0]?.args).toContain('{"paired": "yes"}');
  });
});

describe('versions', () => {
  it.each(['5', '"5"', '"5.0"', '4.5', '"4"', '2', '1', '0', '-1', 'true', '.nan', '3.5'])(
    '%s is accepted',
    (version) => {
      expect(codes(project({ version }))).toEqual([]);
    },
  );
  it.each([
    ['6', 'version-too-new'],
    ['.inf', 'version-too-new'],
    ['five', 'version-not-a-number'],
    ['[5]', 'version-not-a-number'],
    ['null', 'version-missing'],
  ])('%s is refused as %s', (version, code) => expect(codes(project({ version }))).toEqual([code]));

  it('an older version is a warning', () => {
    expect(readPipeline(project({ version: '4' }), 'p').warnings.map((w) => w.code)).toEqual(['version-old']);
    expect(readPipeline(project(), 'p').warnings).toEqual([]);
  });

  it.each([
    ['3', '', ['expectations-missing']],
    ['3', 'expectations: {population_size: 1000}\n', []],
    ['3', 'expectations: {population_size: "10"}\n', []],
    ['3', 'expectations: {population_size: many}\n', ['population-size-not-a-number']],
    ['3', 'expectations: {size: 1}\n', ['unknown-key', 'population-size-missing']],
    ['3', 'expectations: [1]\n', ['not-a-mapping']],
    ['4', 'expectations: {population_size: 1}\n', ['expectations-not-supported']],
    ['4', 'expectations:\n', []],
    ['2', 'expectations: [1]\n', []],
  ])('version %s with %j gives %j', (version, top, expected) =>
    expect(codes(project({ version, top })).sort()).toEqual([...expected].sort()),
  );

  it.each([
    ['4', 'cohortextractor:latest x', 'cohortextractor-not-supported'],
    ['5', 'r:latest a.R', 'image-latest'],
  ])('version %s refuses %s', (version, run, code) => expect(codes(project({ version, run }))).toContain(code));

  it('outputs must be unique from version 2', () => {
    const more = '  b:\n    run: r:v2 b.R\n    outputs: {highly_sensitive: {a: output/a.rds}}\n';
    expect(codes(project({ version: '1', more }))).toEqual([]);
    expect(codes(project({ version: '2', more }))).toEqual(['output-not-unique']);
  });

  it('run_all is reserved from version 5', () => {
    const text = project().replace('  a:', '  run_all:');
    expect(codes(text)).toEqual(['run-all-reserved']);
    expect(readPipeline(text.replace('"5.0"', '4'), 'p').warnings.map((w) => w.code)).toContain('run-all-ignored');
  });
});

describe('run', () => {
  it.each([
    ['>\n      r:v2 a.R\n      --x 1', ['a.R', '--x', '1']],
    ['|\n      r:v2 a.R\n      --x 1', ['a.R', '--x', '1']],
    ['r:v2 a.R\n      --x\n      1', ['a.R', '--x', '1']],
    [`'r:v2 a.R "two words" ''it'''`, ['a.R', 'two words', 'it']],
    ["'r:v2 a.R a\\ b #no-comment'", ['a.R', 'a b', '#no-comment']],
    [`'r:v2 "a\\"b\\$c" "" $HOME | *'`, ['a"b\\$c', '', '$HOME', '|', '*']],
  ])('%j becomes the words %j', (run, expected) => expect(args(run)).toEqual(expected));

  it.each([
    ['v2', true],
    ['v', false],
    ['v.', true],
    ['v3.0.1', true],
    ['v2-pre', true],
    ['v3.0.1-rc1', false],
    ['dev', true],
    ['latest', true],
    ['1', false],
    ['v1x', false],
    ['pre', false],
    ['', false],
    ['v2:x', false],
  ])('the image version %j is accepted: %s', (tag, isAccepted) => {
    expect(codes(project({ version: '4', run: `"r:${tag} a.R"` }))).toEqual(isAccepted ? [] : ['image-version']);
  });

  it.each([
    ['""', 'run-empty'],
    ["'   '", 'run-empty'],
    ['r', 'image-version'],
    [`r:v2 "a`, 'run-quotes'],
    ['7', 'wrong-type'],
    ['[a]', 'wrong-type'],
  ])('%s is refused as %s', (run, code) =>
    expect(codes(project({ run: run.startsWith('r:v2 "') ? `'${run}'` : run }))).toEqual([code]),
  );

  it('compares runs as written', () => {
    const other = (run: string): string =>
      `  b:\n    run: ${run}\n    outputs: {highly_sensitive: {b: b.rds}}\n    config: {x: 1}\n`;
    expect(codes(project({ more: other('r:v2 analysis/a.R') }))).toEqual(['run-duplicate']);
    expect(codes(project({ more: other('r:v2  analysis/a.R') }))).toEqual([]);
  });

  it('hands config over as JSON in the spelling that scripts know', () => {
    const config = `{bins: 10, ratio: 1.0, small: 0.00001, name: "it's é", list: [true, null], 1: x}`;
    expect(args('r:v2 a.R', `    config: ${config}\n`)).toEqual([
      'a.R',
      '--config',
      String.raw`{"bins": 10, "ratio": 1.0, "small": 1e-05, "name": "it\u0027s \u00e9", "list": [true, null], "1": "x"}`,
    ]);
    expect(args('r:v2 a.R', '    config: {}\n')).toEqual(['a.R']);
    expect(codes(project({ more: '    config: {day: 2020-01-01}\n' }))).toEqual(['config-not-json']);
  });
});

describe('outputs', () => {
  it.each([
    ['output/a.csv', 'moderately_sensitive', undefined],
    ['a.csv', 'moderately_sensitive', undefined],
    ['*/a.csv', 'moderately_sensitive', undefined],
    ['Metadata/x.csv', 'moderately_sensitive', undefined],
    ['metadata.csv', 'moderately_sensitive', undefined],
    ['c:a.csv', 'highly_sensitive', undefined],
    ['output/a.csv.gz', 'highly_sensitive', undefined],
    ['output/{a,b} é.rds', 'minimally_sensitive', undefined],
    ['output\\a.csv', 'highly_sensitive', 'output-backslash'],
    ['output/**/a.csv', 'highly_sensitive', 'output-wildcard'],
    ['a?.csv', 'highly_sensitive', 'output-wildcard'],
    ['a[1].csv', 'highly_sensitive', 'output-wildcard'],
    ['output/a', 'highly_sensitive', 'output-no-extension'],
    ['output/*', 'highly_sensitive', 'output-no-extension'],
    ['output/a.*', 'highly_sensitive', 'output-no-extension'],
    ['output/a.c*', 'highly_sensitive', 'output-no-extension'],
    ['output/.csv', 'highly_sensitive', 'output-no-extension'],
    ['output/a.', 'highly_sensitive', 'output-no-extension'],
    ['output/a.CSV', 'moderately_sensitive', 'output-file-type'],
    ['output/a.csv.gz', 'moderately_sensitive', 'output-file-type'],
    ['./a.csv', 'highly_sensitive', 'output-not-standard'],
    ['a//b.csv', 'highly_sensitive', 'output-not-standard'],
    ['a/../b.csv', 'highly_sensitive', 'output-not-standard'],
    ['../b.csv', 'highly_sensitive', 'output-outside'],
    ['metadata/x.csv', 'highly_sensitive', 'output-metadata'],
    ['/a.csv', 'highly_sensitive', 'output-absolute'],
    ['c:/a.csv', 'highly_sensitive', 'output-absolute'],
  ])('%j as %s: %s', (pattern, level, code) => {
    expect(codes(project({ outputs: JSON.stringify({ [level]: { x: pattern } }) }))).toEqual(
      code === undefined ? [] : [code],
    );
  });

  it.each([
    ['{}', ['no-output-level']],
    ['{highly_sensitive: }', ['no-output-level']],
    ['{highly_sensitive: {}}', []],
    ['{highly_sensitve: {a: a.rds}}', ['unknown-key']],
    ['[a]', ['wrong-type']],
    ['{highly_sensitive: [a]}', ['wrong-type']],
    ['{highly_sensitive: {a: 1}}', ['wrong-type']],
  ])('%s gives %j', (outputs, expected) => expect(codes(project({ outputs }))).toEqual(expected));
});

describe('actions that extract data', () => {
  const dataset = (run: string, outputs: string): string[] => codes(project({ run, outputs }));
  const high = (pattern: string): string => `{highly_sensitive: {x: "${pattern}"}}`;

  it.each([
    ['ehrql:v1 generate-dataset d.py --output output/d.csv', high('output/d.csv'), []],
    ['ehrql:v1   generate-dataset d.py --output=output/d.csv', high('output/d.csv'), []],
    ['ehrql:v1 generate-dataset d.py --output output/d:csv', high('output/d/x.csv'), []],
    ['ehrql:v1 generate-dataset d.py --output output/d/:csv', high('output/d/*.csv'), []],
    ['ehrql:v1 generate-dataset d.py --output output/d:csv', high('output/e/x.csv'), ['dataset-output-differs']],
    ['ehrql:v1 generate-dataset d.py --output output/d.csv', high('output/*.csv'), ['dataset-output-differs']],
    ['ehrql:v1 generate-dataset d.py', high('output/d.csv'), ['dataset-no-output']],
    [
      'ehrql:v1 generate-dataset d.py --output output/d.csv',
      '{moderately_sensitive: {x: output/d.csv}}',
      ['dataset-not-highly-sensitive'],
    ],
    [
      '\'ehrql:v1 "generate-dataset" d.py --output output/d.csv\'',
      '{moderately_sensitive: {x: output/d.csv}}',
      ['dataset-not-highly-sensitive'],
    ],
    ['ehrql:v1 generate-measures m.py', '{moderately_sensitive: {x: output/m.csv}}', []],
  ])('%s with %s gives %j', (run, outputs, expected) => expect(dataset(run, outputs)).toEqual(expected));

  it.each([
    ['ehrql:v1 generate-dataset d.py --output output/a.rds', true],
    ['ehrql:v1 generate-measures m.py', true],
    ['ehrql:v1 --x generate-dataset', false],
    ['ehrql:v1 assure d.py', false],
    ['sqlrunner:v1', true],
    ['r:v2 generate-dataset', false],
    ['__proto__:v2 a', false],
  ])('%s reaches the database: %s', (run, expected) => {
    expect(readPipeline(project({ run }), 'p').pipeline?.actions[0]?.usesDatabase).toBe(expected);
  });
});

describe('needs', () => {
  const two = (a: string, b: string): string =>
    `version: 5\nactions:\n  a:\n    run: r:v2 a.R\n    needs: ${a}\n    outputs: {highly_sensitive: {a: a.rds}}\n  b:\n    run: r:v2 b.R\n    needs: ${b}\n    outputs: {highly_sensitive: {b: b.rds}}\n`;
  it.each([
    ['[]', '[a]', []],
    ['', '[a, a]', []],
    ['[a b]', '[]', ['needs-space']],
    ['[1]', '[]', ['wrong-type']],
    ['b', '[]', ['wrong-type']],
    ['[c]', '[]', ['unknown-need']],
    ['[run_all]', '[]', ['unknown-need']],
    ['[a]', '[]', ['cycle']],
    ['[b]', '[a]', ['cycle']],
  ])('a needs %s and b needs %s: %j', (a, b, expected) => expect(codes(two(a, b))).toEqual(expected));

  it('shows the path of a circle', () => {
    expect(readPipeline(two('[b]', '[a]'), 'p').problems[0]?.message).toContain('`a` needs `b` needs `a`');
  });
});

describe('size', () => {
  const large = (count: number): string =>
    `version: 5\nactions:\n${Array.from({ length: count }, (_, i) => `  action_${i}:\n    run: >\n      r:v2 analysis/model.R\n      --index ${i}\n    needs: [${i === 0 ? '' : `action_${i - 1}`}]\n    outputs:\n      moderately_sensitive:\n        table: output/table_${i}.csv\n        figure: output/figure_${i}.png\n`).join('')}`;

  it('2,500 actions in a chain are read in about a second', () => {
    const text = large(2500);
    const start = process.cpuUsage();
    expect(readPipeline(text, 'p').pipeline?.actions).toHaveLength(2500);
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(4000);
  }, 60_000);
});

describe('hostile input', () => {
  it('any text is read or refused, never thrown at', () => {
    const base = project({ more: '    needs: []\n    config: {a: [1, {b: c}]}\n' });
    const mutation = fc.record({ at: fc.nat(base.length), remove: fc.nat(8), insert: fc.string({ maxLength: 6 }) });
    fc.assert(
      fc.property(fc.array(mutation, { maxLength: 4 }), (mutations) => {
        const text = mutations.reduce((t, m) => t.slice(0, m.at) + m.insert + t.slice(m.at + m.remove), base);
        const { pipeline, problems } = readPipeline(text, 'p');
        expect(pipeline === undefined).toBe(problems.length > 0);
        for (const p of problems) expect(p.place?.line).toBeGreaterThan(0);
      }),
      { numRuns: 1000 },
    );
  });

  it.each(['../../etc', '/etc', 'a\\u0001b'])('an action name %j that leaves the workspace is refused', (name) => {
    expect(codes(project().replace('  a:', `  "${name}":`))).toEqual(['action-name-outside']);
  });
});

it('the example study is valid', () => {
  const path = new URL('../../../studies/winter-pressures/project.yaml', import.meta.url);
  const { pipeline, problems } = readPipeline(readFileSync(path, 'utf8'), 'project.yaml');
  expect(problems).toEqual([]);
  expect(pipeline?.actions).toHaveLength(8);
  expect(
    pipeline?.actions.find((a) => a.name === 'generate_pre_processing')?.args.filter((word) => word === '--output'),
  ).toHaveLength(3);
});

it.each(['run: "r:v2 a.R \\0"', 'run: r:v2 a.R\n    needs: ["\\0"]', 'run: r:v2 a.R \0'])(
  'the character NUL is refused wherever it is: %j',
  (run) => {
    const outputs = 'outputs: {highly_sensitive: {a: output/a.rds}}';
    expect(codes(`version: '4.0'\nactions:\n  a:\n    ${run}\n    ${outputs}\n`)).toContain('yaml-syntax');
  },
);

it('thousands of wrong names are refused without a long search for right ones', () => {
  const actions = Array.from(
    { length: 3000 },
    (_, i) =>
      `  a${i}:\n    run: r:v2 a.R\n    needs: [b${i}]\n    outputs: {highly_sensitive: {a: output/${i}.rds}}\n`,
  );
  const start = process.cpuUsage();
  const { problems } = readPipeline(`version: "4.0"\nactions:\n${actions.join('')}`, 'p');
  // Each of them is one more of the same command, too.
  expect(problems).toHaveLength(101);
  expect(problems.at(-1)).toMatchObject({ code: 'more-problems', message: expect.stringContaining('And 5899 more') });
  expect(problems.at(-1)?.place?.line).toBeGreaterThanOrEqual(problems.at(-2)?.place?.line ?? 0);
  expect(process.cpuUsage(start).user / 1000).toBeLessThan(4000);
}, 60_000);
