// Every condition of the project.yaml format as one row: a valid project with one change, and what is said about it where.
import { describe, expect, it } from 'vitest';
import { readPipeline } from './read.js';

const valid = `version: "5.0"
actions:
  extract:
    run: ehrql:v1 generate-dataset d.py --output output/d.csv
    outputs:
      highly_sensitive:
        data: output/d.csv
  plot:
    run: r:v2 plot.R
    needs: [extract]
    config: {bins: 10}
    dummy_data_file: dummy.csv
    outputs:
      moderately_sensitive:
        figure: output/plot.png
`;
const v3 = valid.replace('"5.0"', '3').replace('actions:', 'expectations: {population_size: 1000}\nactions:');
const v1 = valid.replace('"5.0"', '1');
const cohort = v1
  .replace('ehrql:v1 generate-dataset d.py --output output/d.csv', 'cohortextractor:latest generate_cohort')
  .replace('data: output/d.csv', 'data: output/d.csv\n        more: more/e.csv');

type Found = `${string} ${number}:${number}`;
const found = (text: string): string[] =>
  readPipeline(text, 'project.yaml').problems.map(({ code, place }) => `${code} ${place?.line}:${place?.column}`);

/** Number in the list of conditions, what is wrong, the text that is replaced and its replacement, and all that is said. */
type Row = readonly [condition: number, what: string, from: string, to: string, said: readonly Found[], base?: string];

const rows: readonly Row[] = [
  [1, 'a bracket that stays open', '[extract]', '[extract', ['yaml-syntax 11:5']],
  [1, 'a key that is there twice', '    needs:', '    run: r:v2 b.R\n    needs:', ['duplicate-key 10:5']],
  [1, 'a key that is there twice as a value', '{bins: 10}', '{1: a, 01: b}', ['duplicate-key 11:20']],
  [1, 'truth that is a number, too', '{bins: 10}', '{1.0: a, true: b}', ['duplicate-key 11:22']],
  [1, 'a tag that its value does not fit', '{bins: 10}', '{bins: !!int ten}', ['tag-not-accepted 11:26']],
  [1, 'a tab before a comment', '[extract]', '[extract]\t# a', ['yaml-syntax 10:21']],
  [1, 'a tab between words', 'r:v2 plot.R', 'r:v2\tplot.R', ['yaml-syntax 9:14']],
  [1, 'a second document', 'version', 'a: 1\n---\nversion', ['several-documents 2:1']],
  [1, 'an alias of nothing', '[extract]', '*extract', ['alias-unknown 10:12']],
  [1, 'a merge of a list of words', '    needs: [extract]', '    <<: [extract]', ['merge-not-a-mapping 10:10']],
  [1, 'a tag of another language', 'r:v2 plot.R', '!!python/name:os.system r:v2 a', ['tag-not-accepted 9:34']],
  [1, 'a control character', 'plot.R', 'plot\u0007.R', ['yaml-syntax 9:19']],
  [2, 'an unknown key', 'actions:', 'action: {}\nactions:', ['unknown-key 2:1']],
  [2, 'a key that is a number', 'actions:', '1: a\nactions:', ['unknown-key 2:1']],
  [2, 'a key that is a list', 'actions:', '? [a]\n: b\nactions:', ['key-not-text 2:3']],
  [3, 'no version', 'version: "5.0"\n', '', ['version-missing 1:1']],
  [3, 'a version of null', '"5.0"', '~', ['version-missing 1:1']],
  [4, 'a version that is a word', '"5.0"', 'five', ['version-not-a-number 1:10']],
  [4, 'a version that is a date', '"5.0"', '2020-01-01', ['version-not-a-number 1:10']],
  [4, 'a version after the latest', '"5.0"', '6', ['version-too-new 1:10']],
  [5, 'actions of null', valid.slice(valid.indexOf('actions:')), 'actions:\n', ['actions-missing 2:1']],
  [5, 'actions in a list', valid.slice(valid.indexOf('actions:')), 'actions: [a]\n', ['not-a-mapping 2:10']],
  [6, 'an action run_all', '  plot:', '  run_all:', ['run-all-reserved 8:3']],
  [7, 'an action that is text', '  plot:\n', '  text: a\n  plot:\n', ['not-a-mapping 8:9']],
  [7, 'an action that is null', '  plot:\n', '  text:\n  plot:\n', ['not-a-mapping 8:8']],
  [8, 'no run', '    run: r:v2 plot.R\n', '', ['run-missing 8:3']],
  [8, 'no outputs', valid.slice(valid.lastIndexOf('    outputs')), '', ['outputs-missing 8:3']],
  [9, 'an unknown key of an action', '    needs:', '    nedes: []\n    needs:', ['unknown-key 10:5']],
  [9, 'a key that the format gives to no action', '    needs:', '    action_id: a\n    needs:', ['unknown-key 10:5']],
  [10, 'needs that are text', '[extract]', 'extract', ['wrong-type 10:12']],
  [10, 'a need that is a number', '[extract]', '[1]', ['wrong-type 10:13']],
  [10, 'config in a list', '{bins: 10}', '[bins]', ['wrong-type 11:13']],
  [10, 'a date in config', '{bins: 10}', '{bins: 2020-01-01}', ['config-not-json 11:20']],
  [10, 'a date as a key of config', '{bins: 10}', '{2020-01-01: 10}', ['config-not-json 11:14']],
  [10, 'a run that is a number', 'r:v2 plot.R', '7', ['wrong-type 9:10']],
  [10, 'a dummy data file that is a date', 'dummy.csv', '2020-01-01', ['wrong-type 12:22']],
  [11, 'no level', '\n      moderately_sensitive:\n        figure: output/plot.png', ' {}', ['no-output-level 13:5']],
  [12, 'a level that does not exist', 'moderately_sensitive', 'sensitive', ['unknown-key 14:7']],
  [12, 'a label that the format gives to no level', 'moderately_sensitive', 'action_id', ['unknown-key 14:7']],
  [13, 'a level that is a list', '\n        figure: output/plot.png', ' [a.png]', ['wrong-type 14:29']],
  [13, 'a pattern that is a number', 'output/plot.png', '7', ['wrong-type 15:17']],
  [14, 'a path with a backslash', 'output/plot.png', 'output\\plot.png', ['output-backslash 15:17']],
  [14, 'a path that ends in a slash', 'output/plot.png', 'output/plot.png/', ['output-not-standard 15:17']],
  [14, 'a path that leaves the workspace', 'output/plot.png', '../plot.png', ['output-outside 15:17']],
  [14, 'a path of the machine', 'output/plot.png', '/plot.png', ['output-absolute 15:17']],
  [15, 'an empty run', 'r:v2 plot.R', '""', ['run-empty 9:10']],
  [15, 'a run of blanks', 'r:v2 plot.R', "'  '", ['run-empty 9:10']],
  [16, 'an image without a version', 'r:v2 plot.R', 'r plot.R', ['image-version 9:10']],
  [16, 'a quote that stays open', 'r:v2 plot.R', `'r:v2 "plot.R'`, ['run-quotes 9:10']],
  [16, 'a backslash at the end', 'r:v2 plot.R', 'r:v2 plot.R \\', ['run-trailing-backslash 9:10']],
  [17, 'names of needs without a comma', '[extract]', '[extract plot]', ['needs-space 10:13']],
  [
    18,
    'a cohort with two levels',
    '        more:',
    '      minimally_sensitive:\n        more:',
    ['cohort-levels 4:10'],
    cohort,
  ],
  [19, 'a cohort in two folders', '', '', ['cohort-directories 4:10'], cohort],
  [20, 'a dataset for review', 'highly_sensitive', 'moderately_sensitive', ['dataset-not-highly-sensitive 4:10']],
  [21, 'a dataset without a place', ' --output output/d.csv', '', ['dataset-no-output 4:10']],
  [21, 'a dataset with an empty place', '--output output/d.csv', "--output=''", ['dataset-no-output 4:10']],
  [
    22,
    'a dataset in another place',
    '--output output/d.csv',
    '--output ./output/d.csv',
    ['dataset-output-differs 4:10'],
  ],
  [23, 'cohortextractor', 'r:v2 plot.R', 'cohortextractor:v1 x', ['cohortextractor-not-supported 9:10']],
  [24, 'the latest image', 'r:v2 plot.R', 'r:latest plot.R', ['image-latest 9:10']],
  [
    25,
    'a run that another action has',
    '  plot:',
    '  a:\n    run: r:v2 plot.R\n    outputs: {highly_sensitive: {}}\n  plot:',
    ['run-duplicate 12:10'],
  ],
  [26, 'a path that another action has', 'output/plot.png', 'output/d.csv', ['output-not-unique 15:17']],
  [27, 'a need that does not exist', '[extract]', '[extrakt]', ['unknown-need 10:13']],
  [28, 'expectations', 'actions:', 'expectations: {}\nactions:', ['expectations-not-supported 2:1']],
  [29, 'no expectations', 'expectations: {population_size: 1000}\n', '', ['expectations-missing 1:1'], v3],
  [30, 'expectations in a list', '{population_size: 1000}', '[1]', ['not-a-mapping 2:15'], v3],
  [30, 'no population size', '{population_size: 1000}', '{}', ['population-size-missing 2:1'], v3],
  [30, 'another key of expectations', '1000}', '1000, a: 1}', ['unknown-key 2:39'], v3],
  [30, 'a population size that is a word', '1000', 'many', ['population-size-not-a-number 2:33'], v3],
  [31, 'an action that needs itself', '[extract]', '[plot]', ['cycle 8:3']],
  [31, 'an action name that climbs', '  plot:', '  a/../../plot:', ['action-name-outside 8:3']],
];

describe('the conditions of the format', () => {
  it.each([valid, v3, v1])('a valid project is accepted', (text) => expect(found(text)).toEqual([]));

  const all = rows.map(([condition, what, from, to, said, base = valid]) => ({
    condition,
    what,
    from,
    to,
    said,
    base,
  }));
  it.each(all)('$condition: $what', ({ from, to, said, base }) => {
    const text = base.replace(from, to);
    const { problems } = readPipeline(text, 'project.yaml');
    expect(problems.map(({ code, place }) => `${code} ${place?.line}:${place?.column}`)).toEqual(said);
    for (const { message, place } of problems) {
      expect(message.length).toBeGreaterThan(20);
      expect(text.split('\n')[(place?.line ?? 0) - 1]).toBe(place?.excerpt);
      expect(place?.endColumn).toBeGreaterThan(place?.column ?? 0);
    }
  });

  it('covers all thirty', () => {
    expect([...new Set(rows.map(([condition]) => condition))]).toEqual(Array.from({ length: 31 }, (_, i) => i + 1));
  });

  it('all are said at once, also of a run whose version is wrong', () => {
    const text = valid.replace('v1 generate-dataset d.py --output output/d.csv', 'one generate-dataset d.py');
    expect(found(text)).toEqual(['image-version 4:10', 'dataset-no-output 4:10']);
    expect(found(text.replace('"5.0"', 'x').replace('[extract]', '[a]'))).toHaveLength(4);
  });
});

it.each([
  [valid.replace('plot:', '1:'), 'a name that is a number'],
  [valid.replace('plot:', 'a b/../c:'), 'a name with blanks and a climb inside the workspace'],
  ['version: 5\nactions: {}\n', 'no actions'],
  [valid.replace('config: {bins: 10}', 'config:'), 'a config of null'],
  [valid.replace('[extract]', ''), 'needs of null'],
  [valid.replace('dummy.csv', '../../etc/passwd'), 'a dummy data file anywhere'],
  [valid.replace('[extract]', '[\n      extract,\n    ]'), 'a list over several lines'],
  [valid.replace('[extract]', '[\nextract\n]'), 'a list that is not indented'],
  [valid.replace('{bins: 10}', '{bins: 10,\n  more: {a: "b\n c"}}'), 'a mapping and a text that are hardly indented'],
  [valid.replace('r:v2 plot.R', '"r:v2\n    plot.R"'), 'a run in quotes that goes on below its key'],
  [cohort.replace('generate_cohort', 'generate_cohort --output-dir=x'), 'a cohort in folders of its own choice'],
  [v1.replace('[extract]', '[run_all]').replace('extract:', 'run_all:'), 'a need of an own run_all before version 5'],
  [v3.replace('1000', '10.7'), 'a population size that is rounded'],
])('%# is accepted: %s', (text) => expect(found(text)).toEqual([]));

it('an output labelled with a name that JavaScript reserves is an output', () => {
  const { pipeline } = readPipeline(valid.replace('figure:', '__proto__:'), 'p');
  expect(Object.entries(pipeline?.actions[1]?.outputs.moderately_sensitive ?? {})).toEqual([
    ['__proto__', 'output/plot.png'],
  ]);
});

it.each([
  ['{a: 1_000, b: 0b101, c: 0x1F, d: 012, e: 0o14}', '{"a": 1000, "b": 5, "c": 31, "d": 12, "e": 12}'],
  ['{2: a, 3.0: b, True: c, 0x10: d, 1e3: e}', '{"2": "a", "3.0": "b", "true": "c", "16": "d", "1000.0": "e"}'],
  [
    '{a: 1e16, b: 123456789.0, c: 1.5e-7, d: -0.0, e: 1e400}',
    '{"a": 1e+16, "b": 123456789.0, "c": 1.5e-07, "d": -0.0, "e": Infinity}',
  ],
  [
    '{a: .nan, b: -.inf, c: 123456789012345678901234567890}',
    '{"a": NaN, "b": -Infinity, "c": 123456789012345678901234567890}',
  ],
  [
    '{a: ~, b: yes, c: "\\x7f\\t😀\\"\\\\/", d: 1:30}',
    String.raw`{"a": null, "b": "yes", "c": "\u007f\t\ud83d\ude00\"\\/", "d": "1:30"}`,
  ],
  ['{b: 1, <<: {a: 1, b: 2}, c: 3}', '{"b": 1, "c": 3, "a": 1}'],
  [
    '{a: 2020-1-1, b: 2020-01-01 noon, c: "2020-01-01", d: 1_, e: _1}',
    '{"a": "2020-1-1", "b": "2020-01-01 noon", "c": "2020-01-01", "d": 1, "e": "_1"}',
  ],
])('config %s becomes %s', (config, json) => {
  const { pipeline } = readPipeline(valid.replace('{bins: 10}', config), 'p');
  expect(pipeline?.actions[1]?.args).toEqual(['plot.R', '--config', json]);
});

it.each([
  ['on', 'text here, but older YAML readers take it for a truth value'],
  ['1:30', 'text here, but older YAML readers take it for a number in base 60'],
  ['012', 'the number 12 here, but older YAML readers take it for a number in base 8'],
  ['0o14', 'the number 12 here, but older YAML readers take it for text'],
  ['089', 'the number 89 here, but older YAML readers take it for text'],
  ['1e3', 'the number 1000 here, but older YAML readers take it for text'],
  ['07', undefined],
  ['0', undefined],
  ['1.5e+3', undefined],
  ['"on"', undefined],
])('the older reading of %s: %s', (value, said) => {
  const { warnings } = readPipeline(valid.replace('bins: 10', `bins: ${value}`), 'p');
  expect(warnings.map(({ message }) => message)).toEqual(
    said === undefined ? [] : [expect.stringContaining(`is ${said}.`)],
  );
});
