// The cases of a section: a definition, the tables it runs on, and what must come out of it.
import { cellsOf, lastCells, tablesOf, type Block, type Cells, type Section } from './read-section.js';

export type Expectation =
  /** `patient_id` and a value for each column, for every patient. */
  | { readonly kind: 'rows'; readonly cells: Cells }
  /** The lines of each output table, by its name. */
  | { readonly kind: 'csv'; readonly tables: ReadonlyMap<string, readonly string[]> }
  /** The categories of the column that the expression makes, divided by commas; none is empty. */
  | { readonly kind: 'categories'; readonly text: string }
  /** An ordinary Python value. */
  | { readonly kind: 'text'; readonly text: string }
  /** A problem with this code, whose message or hint holds the fragment. */
  | { readonly kind: 'refused'; readonly code: string; readonly fragment: string };

export interface SpecCase {
  readonly name: string;
  /** Path and line in spec/. */
  readonly place: string;
  readonly tables: ReadonlyMap<string, Cells>;
  readonly setup: string;
  /** Absent when the setup is the whole definition. */
  readonly expression: string | undefined;
  readonly expectation: Expectation;
  /** Why it is known to fail; a case that is marked and passes is a failure. */
  readonly notYet: string | undefined;
}

interface Given {
  /** The heading above. */
  readonly heading: string;
  readonly tables: ReadonlyMap<string, Cells>;
  readonly setup: string;
  /** Whether a block has used the setup. */
  readonly isUsed: boolean;
}

/** Every case in order; throws on a block that says nothing, or a definition of which nothing is expected. */
export function casesOf(section: Section): readonly SpecCase[] {
  const cases: SpecCase[] = [];
  let given: Given = { heading: section.title, tables: new Map(), setup: '', isUsed: true };
  for (const part of section.parts) {
    if (part.kind === 'prose') {
      // A heading begins something new; only the tables stay.
      const heading = [...part.text.matchAll(/^#+ (.+)$/gm)].at(-1)?.[1];
      if (heading !== undefined) given = { ...given, heading, setup: '' };
      continue;
    }
    const place = `${section.path}:${part.line}`;
    if ((part.kind === 'ehrql' || part.kind === 'tables') && !given.isUsed)
      throw new Error(`${place}: nothing is expected of the definition before this block`);
    if (part.kind === 'tables') given = { ...given, tables: tablesOf(part), setup: '', isUsed: true };
    else if (part.kind === 'ehrql') given = { ...given, setup: `${part.lines.join('\n')}\n`, isUsed: false };
    else {
      const last = cases.at(-1);
      if (part.kind === 'csv' && given.isUsed && last?.expectation.kind === 'csv') {
        cases.splice(-1, 1, withTable(last, part));
        continue;
      }
      const found = casesOfBlock(part, given, place);
      if (found.length === 0) throw new Error(`${place}: the block holds no case`);
      cases.push(...found);
      given = { ...given, isUsed: true };
    }
  }
  if (!given.isUsed) throw new Error(`${section.path}: nothing is expected of the last definition`);
  return cases;
}

function withTable(one: SpecCase, block: Block): SpecCase {
  if (one.expectation.kind !== 'csv') return one;
  const tables = new Map([...one.expectation.tables, [block.argument || 'dataset', block.lines]]);
  return { ...one, expectation: { kind: 'csv', tables } };
}

function casesOfBlock(block: Block, given: Given, place: string): readonly SpecCase[] {
  const notYet = /^notyet: (.+)$/.exec(block.argument)?.[1];
  const common = { place, tables: given.tables, setup: given.setup, notYet };
  const whole = (expectation: Expectation): readonly SpecCase[] => {
    if (given.setup === '') throw new Error(`${place}: no definition stands before it`);
    return [
      { ...common, name: `${given.heading}, line ${place.split(':').at(-1)}`, expression: undefined, expectation },
    ];
  };
  const lines = block.lines.filter((line) => line.trim() !== '');
  const perLine = (count: number, read: (cells: readonly string[]) => Expectation): readonly SpecCase[] =>
    lines.map((line) => {
      const [expression, ...cells] = lastCells(line, count);
      if (expression === '' || cells.length !== count) throw new Error(`${place}: malformed line: ${line}`);
      return { ...common, name: expression, expression, expectation: read(cells) };
    });
  switch (block.kind) {
    case 'expected':
      return whole({ kind: 'rows', cells: cellsOf(block.lines) });
    case 'csv':
      return whole({ kind: 'csv', tables: new Map([[notYet ? 'dataset' : block.argument || 'dataset', block.lines]]) });
    case 'examples': {
      const patients = lines.shift()?.split('|').slice(1) ?? [];
      return perLine(patients.length, (cells) => {
        const rows = patients.map((id, i) => [id.trim(), cells[i]!]);
        return { kind: 'rows', cells: { header: ['patient_id', 'value'], rows } };
      });
    }
    case 'categories':
      return perLine(1, ([text = '']) => ({ kind: 'categories', text }));
    case 'values':
      return perLine(1, ([text = '']) => ({ kind: 'text', text }));
    default: {
      if (lines.length === 1 && lines[0]!.split('|').length === 2) {
        const [code, fragment = ''] = lastCells(lines[0]!, 1);
        return whole({ kind: 'refused', code, fragment });
      }
      return perLine(2, ([code = '', fragment = '']) => ({ kind: 'refused', code, fragment }));
    }
  }
}
