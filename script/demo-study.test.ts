import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
// @ts-expect-error -- a plain script without types
import { makeStudyHistory } from './demo-study.mjs';

type History = Readonly<Record<'first' | 'second' | 'mistakes' | 'newest', string>>;

let folder: string;
let repository: string;
let history: History;

const make = (path: string): Promise<History> => makeStudyHistory(path);
const git = (...args: string[]): string =>
  execFileSync('git', ['-C', repository, ...args], { encoding: 'utf8' }).trim();
const changed = (from: string, to: string): string[] => git('diff', '--name-only', from, to).split('\n');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'demo-study-'));
  repository = join(folder, 'winter-pressures');
  history = await make(repository);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the history of the example study', () => {
  it('is the same wherever and whenever it is made', async () => {
    expect(await make(join(folder, 'another'))).toEqual(history);
    expect(await make(repository)).toEqual(history);
    expect(git('rev-parse', 'main')).toBe(history.newest);
  });

  it('lets the second commit add codes to a codelist and change a definition and a script', () => {
    expect(changed(history.first, history.second)).toEqual([
      'analysis/queries.py',
      'analysis/viz_measures.r',
      'codelists/codelists.json',
      'codelists/codelists.txt',
      'codelists/wp-influenza.csv',
    ]);
    const added = git('diff', history.first, history.second, '--', 'codelists/wp-influenza.csv').match(/^\+\d/gm);
    expect(added).toHaveLength(7);
  });

  it('puts the mistakes of the third commit right with the fourth', () => {
    expect(changed(history.second, history.mistakes)).toEqual([
      'analysis/appointments/app_viz.r',
      'analysis/pre_processing.py',
    ]);
    expect(git('diff', history.second, history.newest)).toBe('');
  });

  it.each(['first', 'second'] as const)('says the digest of every codelist at the %s commit', (name) => {
    const show = (path: string): string => git('show', `${history[name]}:codelists/${path}`);
    const { files } = JSON.parse(show('codelists.json')) as { files: Record<string, { id: string; sha: string }> };
    const listed = show('codelists.txt')
      .split('\n')
      .filter((line) => !line.startsWith('#'));
    expect(Object.values(files).map((file) => file.id)).toEqual(listed);
    for (const [path, { sha }] of Object.entries(files)) {
      expect(createHash('sha1').update(show(path)).digest('hex'), path).toBe(sha);
    }
  });
});

// Verhoeff's scheme: the dihedral group of ten elements, and a permutation of the digits that is applied once for each place.
const permutation = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
const multiply = (a: number, b: number): number =>
  a < 5 ? (b < 5 ? (a + b) % 5 : ((a + b) % 5) + 5) : b < 5 ? ((a - b + 5) % 5) + 5 : (a - b + 5) % 5;
function hasValidCheckDigit(code: string): boolean {
  let check = 0;
  for (const [place, digit] of code.split('').toReversed().entries()) {
    let value = Number(digit);
    for (let i = 0; i < place % 8; i++) value = permutation[value] ?? 0;
    check = multiply(check, value);
  }
  return check === 0;
}

describe('the codelists of the example study', () => {
  it('know a right check digit from a wrong one', () => {
    expect(hasValidCheckDigit('195967001')).toBe(true);
    expect(hasValidCheckDigit('195967002')).toBe(false);
    expect(hasValidCheckDigit('159967001')).toBe(false);
  });

  const lists = join(import.meta.dirname, '..', 'studies', 'winter-pressures', 'codelists');
  it.each(readdirSync(lists).filter((name) => name.endsWith('.csv')))('%s holds concepts, each once', (name) => {
    const [header, ...rows] = readFileSync(join(lists, name), 'utf8').trimEnd().split('\n');
    const codes = rows.map((row) => row.split(',')[0] ?? '');
    expect(header).toMatch(/^code,term(,group)?$/);
    expect(codes.length).toBeGreaterThan(0);
    expect(new Set(codes).size).toBe(codes.length);
    // The two digits before the last say that it identifies a concept and whether it belongs to an extension.
    for (const code of codes) expect(/^[1-9]\d{2,14}[01]0\d$/.test(code) && hasValidCheckDigit(code), code).toBe(true);
  });
});
