// A problem is something that a user can act on: what was found, where, what would be accepted, and the next step.
// Everything that refuses input returns problems; the terminal, the pages and the JSON render the same value.
// Faults (bugs, a full disk) are thrown as Error instead and become a problem at the edge of the process.
// No message holds a value from the data of the secure side.

/** Where a problem is. Lines and columns count from 1; `path` is relative to the study where there is one. */
export interface Place {
  readonly path: string;
  readonly line?: number;
  readonly column?: number;
  /** The line of the file that the place points into, without its line break. */
  readonly excerpt?: string;
  /** Where the marked part of the excerpt ends (exclusive column). */
  readonly endColumn?: number;
}

export interface Problem {
  /** A stable kebab-case name from a catalogue, for example `unknown-need`. */
  readonly code: string;
  /** One or two sentences: what was found and what would be accepted. */
  readonly message: string;
  /** The next step, when there is one to name. */
  readonly hint?: string;
  readonly place?: Place;
}

/** What a catalogue entry makes of its parameters. */
export interface ProblemText {
  readonly message: string;
  readonly hint?: string;
}

type Formatter = (...parameters: never[]) => ProblemText;

/** A catalogue: code to formatter. Each package keeps its own in `src/problems.ts`; docs are generated from them. */
export type Catalogue = Readonly<Record<string, Formatter>>;

/**
 * Gives a function that makes problems of one catalogue, with the parameters of each code checked by the compiler.
 *
 * @example
 * const problem = catalogue({ 'unknown-need': (need: string) => ({ message: `no action is called ${need}` }) });
 * problem('unknown-need', ['extrat'], { path: 'project.yaml', line: 9, column: 13 });
 */
export function catalogue<C extends Catalogue>(entries: C) {
  return <K extends keyof C & string>(code: K, parameters: Parameters<C[K]>, place?: Place): Problem => {
    const formatter = entries[code] as unknown as (...parameters: unknown[]) => ProblemText;
    return { code, ...formatter(...parameters), ...(place ? { place } : {}) };
  };
}

/** Thrown across a call that can't return problems; whoever catches it shows them and nothing else. */
export class ProblemError extends Error {
  readonly problems: readonly Problem[];
  constructor(problems: Problem | readonly Problem[], options?: ErrorOptions) {
    const list = Array.isArray(problems) ? (problems as readonly Problem[]) : [problems as Problem];
    super(list.map((p) => p.message).join('\n'), options);
    this.name = 'ProblemError';
    this.problems = list;
  }
}

/**
 * A problem as text for a terminal: place, message, the line it is in with the part underlined, the next step.
 *
 * @example
 * renderProblem({ code: 'x', message: 'No action is called extrat.', place: { path: 'project.yaml', line: 9, column: 13 } });
 * // project.yaml:9:13: No action is called extrat.
 */
export function renderProblem(problem: Problem): string {
  const { place } = problem;
  const where = place
    ? [place.path, place.line, place.line === undefined ? undefined : place.column]
        .filter((x) => x !== undefined)
        .join(':') + ': '
    : '';
  const lines = [`${where}${problem.message}`];
  if (place?.excerpt !== undefined && place.line !== undefined) {
    const { excerpt, column } = place;
    const gutter = String(place.line);
    lines.push(`  ${gutter} | ${excerpt}`);
    // Of a long line the excerpt is only the beginning.
    if (column !== undefined && column <= excerpt.length + 1) {
      const end = Math.min(place.endColumn ?? column + 1, excerpt.length + 1);
      const blanks = excerpt.slice(0, column - 1).replaceAll(/[^\t]/g, ' ');
      lines.push(`  ${' '.repeat(gutter.length)} | ${blanks}${'^'.repeat(Math.max(1, end - column))}`);
    }
  }
  if (problem.hint) lines.push(`  next: ${problem.hint}`);
  // A file may hold what would move the cursor or set the title of a terminal.
  return lines.join('\n').replaceAll(/[^\P{Cc}\n\t]/gu, '\ufffd');
}
