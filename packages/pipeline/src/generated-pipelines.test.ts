// Generated project.yaml files: valid ones in many spellings are read as what they were written from, and each way of
// breaking one is refused with its own code on the line that was broken.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Pipeline } from './pipeline.js';
import { readPipeline } from './read.js';

interface Model {
  readonly version: number;
  readonly actions: readonly ModelAction[];
}
interface ModelAction {
  readonly name: string;
  readonly image: string;
  readonly tag: string;
  readonly words: readonly string[];
  readonly needs: readonly string[];
  readonly high: readonly string[];
  readonly moderate: readonly string[];
  readonly config: Readonly<Record<string, string | number | boolean | null | readonly number[]>> | null;
}
type Style = 'plain' | 'single' | 'double' | 'folded' | 'literal';

const word = fc.stringMatching(/^[a-zA-Z0-9_./=é"' $#*|&{}~-]{1,12}$/);
const name = fc.stringMatching(/^[a-z][a-z0-9_]{1,10}$/);
const path = (types: readonly string[]) =>
  fc.tuple(name, name, fc.constantFrom('', '*'), fc.constantFrom(...types)).map((parts) => {
    const [folder, file, star, type] = parts;
    return `${folder}_/${file}${star}${type}`;
  });
const scalar = fc.oneof(
  fc.string({ maxLength: 8, unit: 'grapheme' }),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.array(fc.nat(99), { maxLength: 3 }),
);

const modelAction = fc.record({
  image: fc.constantFrom('r', 'python', 'stata-mp', 'ehrql', 'my-action'),
  tag: fc.constantFrom('v1', 'v2', 'v3.0.1', 'v2-pre', 'dev'),
  words: fc.array(word, { maxLength: 4 }),
  high: fc.array(path(['.csv', '.rds', '.csv.gz', '.arrow']), { maxLength: 3 }),
  moderate: fc.array(path(['.csv', '.png', '.html', '.json']), { maxLength: 3 }),
  config: fc.option(fc.dictionary(name, scalar, { minKeys: 1, maxKeys: 4 }), { nil: null }),
  needed: fc.array(fc.nat(99), { maxLength: 3 }),
});

/** Needs point to earlier actions only, and the position in the file makes names, runs and paths differ. */
const model: fc.Arbitrary<Model> = fc
  .record({ version: fc.constantFrom(1, 2, 4, 5), parts: fc.array(modelAction, { minLength: 1, maxLength: 8 }) })
  .map(({ version, parts }) => ({
    version,
    actions: parts.map(({ needed, high, moderate, words, ...rest }, i) => ({
      ...rest,
      name: `action_${i}`,
      words: [`script_${i}.R`, ...words],
      needs: i === 0 ? [] : needed.map((n) => `action_${n % i}`),
      high: high.map((pattern, n) => `h${i}_${n}/${pattern}`),
      moderate: moderate.map((pattern, n) => `m${i}_${n}/${pattern}`),
    })),
  }));

const shellQuoted = (text: string): string => (/^[\w./=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'"'"'`)}'`);
const runOf = ({ image, tag, words }: ModelAction): string => [`${image}:${tag}`, ...words.map(shellQuoted)].join(' ');

function styled(run: string, style: Style): string {
  if (style === 'single') return `'${run.replaceAll("'", "''")}'`;
  if (style === 'double') return JSON.stringify(run);
  if (style === 'plain' && !/[#:]( |$)| #|["'{}|&*]/.test(run.replace(':', ''))) return run;
  return `${style === 'literal' ? '|-' : '>-'}\n      ${run}`;
}

function written({ version, actions }: Model, styles: readonly Style[]): string {
  const level = (key: string, patterns: readonly string[]): string[] => [
    `      ${key}:${patterns.length === 0 ? ' {}' : ''}`,
    ...patterns.map((pattern, i) => `        file_${i}: ${pattern}`),
  ];
  const lines = actions.flatMap((action, i) => [
    `  ${action.name}:`,
    `    run: ${styled(runOf(action), styles[i % styles.length] ?? 'double')}`,
    ...(action.needs.length === 0 ? [] : [`    needs: [${action.needs.join(', ')}]`]),
    ...(action.config === null ? [] : [`    config: ${JSON.stringify(action.config)}`]),
    '    outputs:',
    ...level('highly_sensitive', action.high),
    ...(action.moderate.length === 0 ? [] : level('moderately_sensitive', action.moderate)),
  ]);
  return [`version: ${version}`, '', 'actions:', ...lines, ''].join('\n');
}

const styles = fc.array(fc.constantFrom<Style>('plain', 'single', 'double', 'folded', 'literal'), { minLength: 1 });

const meaning = ({ version, actions }: Pipeline) => ({
  version,
  actions: actions.map((action) => ({ ...action, run: '', line: 0 })),
});

it('a valid pipeline is read as what it was written from, however it is spelled', () => {
  fc.assert(
    fc.property(model, styles, (project, spelling) => {
      const { pipeline, problems } = readPipeline(written(project, spelling), 'p');
      expect(problems).toEqual([]);
      expect(pipeline?.version).toBe(project.version);
      for (const [i, action] of project.actions.entries()) {
        const read = pipeline?.actions[i];
        expect(read).toMatchObject({ name: action.name, image: action.image, tag: action.tag, needs: action.needs });
        expect(read?.args.slice(0, action.words.length)).toEqual(action.words);
        const [flag, json] = read?.args.slice(action.words.length) ?? [];
        expect(flag).toBe(action.config === null ? undefined : '--config');
        expect(json === undefined ? null : JSON.parse(json)).toEqual(action.config);
        expect(read?.config).toEqual(action.config);
        expect(Object.values(read?.outputs.highly_sensitive ?? {})).toEqual(action.high);
        expect(Object.values(read?.outputs.moderately_sensitive ?? {})).toEqual(action.moderate);
      }
    }),
    { numRuns: 300 },
  );
});

it('the spelling makes no difference, and neither does writing what was read once more', () => {
  fc.assert(
    fc.property(model, styles, styles, (project, spelling, other) => {
      const one = readPipeline(written(project, spelling), 'p').pipeline;
      const two = readPipeline(written(project, other), 'p').pipeline;
      if (!one || !two) throw new Error('both are valid');
      expect(meaning(two)).toEqual(meaning(one));
      const again = readPipeline(JSON.stringify(asDocument(one)), 'p');
      expect(again.problems).toEqual([]);
      expect(again.pipeline && meaning(again.pipeline)).toEqual(meaning(one));
    }),
    { numRuns: 100 },
  );
});

/** JSON is YAML too. */
const asDocument = ({ version, actions }: Pipeline) => ({
  version,
  actions: Object.fromEntries(
    actions.map(({ name: key, run, needs, outputs, config }) => [key, { run, needs, outputs, config }]),
  ),
});

/** Changes one line of a valid file; the line that the problem is on counts from the changed one. */
interface Break {
  readonly code: string;
  readonly line: RegExp;
  readonly change: (line: string) => string;
  readonly offset?: number;
}
const breaks: readonly Break[] = [
  { code: 'version-too-new', line: /^version/, change: () => 'version: 6' },
  { code: 'version-not-a-number', line: /^version/, change: () => 'version: five' },
  { code: 'unknown-key', line: /^version/, change: (line) => `${line}\nactoins: {}`, offset: 1 },
  { code: 'duplicate-key', line: /^ {2}action_0:/, change: (line) => `  action_0: {}\n${line}`, offset: 1 },
  { code: 'action-name-outside', line: /^ {2}action/, change: () => '  ../action:' },
  { code: 'not-a-mapping', line: /^ {2}action/, change: (line) => `  word: text\n${line}` },
  { code: 'unknown-key', line: /^ {4}outputs/, change: (line) => `    ouputs: {}\n${line}` },
  {
    code: 'run-empty',
    line: /^ {2}action/,
    change: (line) => `  no_run:\n    run: ""\n    outputs: {highly_sensitive: {}}\n${line}`,
    offset: 1,
  },
  {
    code: 'run-quotes',
    line: /^ {2}action/,
    change: (line) => `  quote:\n    run: r:v2 "a\n    outputs: {highly_sensitive: {}}\n${line}`,
    offset: 1,
  },
  {
    code: 'image-version',
    line: /^ {2}action/,
    change: (line) => `  image:\n    run: r:2 a\n    outputs: {highly_sensitive: {}}\n${line}`,
    offset: 1,
  },
  {
    code: 'no-output-level',
    line: /^ {2}action/,
    change: (line) => `  bare:\n    run: r:v2 bare\n    outputs: {}\n${line}`,
    offset: 2,
  },
  { code: 'outputs-missing', line: /^ {2}action/, change: (line) => `  bare:\n    run: r:v2 bare\n${line}` },
  { code: 'unknown-need', line: /^ {4}outputs/, change: (line) => `    needs: [nobody]\n${line}` },
  { code: 'wrong-type', line: /^ {4}outputs/, change: (line) => `    dummy_data_file: [a]\n${line}` },
  { code: 'unknown-key', line: /^ {6}highly_sensitive/, change: (line) => `      hihgly_sensitive: {}\n${line}` },
  {
    code: 'cycle',
    line: /^ {2}action/,
    change: (line) => `  ring:\n    run: r:v2 ring\n    needs: [ring]\n    outputs: {highly_sensitive: {}}\n${line}`,
  },
  ...(
    [
      ['output-backslash', 'a\\b.csv'],
      ['output-wildcard', 'a/**/b.csv'],
      ['output-no-extension', 'output/b'],
      ['output-not-standard', './b.csv'],
      ['output-absolute', '/b.csv'],
      ['output-outside', '../b.csv'],
      ['output-metadata', 'metadata/b.csv'],
    ] as const
  ).map(([code, pattern]) => ({
    code,
    line: /^ {6}highly_sensitive:( \{\})?$/,
    change: () => `      highly_sensitive:\n        broken: ${pattern}`,
    offset: 1,
  })),
];

it.each(breaks)('a file broken at $line is refused as $code on its line', ({ code, line, change, offset = 0 }) => {
  fc.assert(
    fc.property(model, styles, fc.nat(), (project, spelling, seed) => {
      const actions = project.actions.map((action) => ({
        ...action,
        needs: code === 'unknown-need' ? [] : action.needs,
      }));
      const lines = written({ ...project, actions }, spelling).split('\n');
      const places = lines.flatMap((text, i) => (line.test(text) ? [i] : []));
      const at = places[seed % places.length] ?? 0;
      const text = lines.map((old, i) => (i === at ? change(old) : old)).join('\n');
      const { pipeline, problems } = readPipeline(text, 'p');
      expect(pipeline).toBeUndefined();
      expect(problems.map((p) => `${p.code} ${p.place?.line}`)).toContain(`${code} ${at + 1 + offset}`);
    }),
    { numRuns: 20 },
  );
});
