// Cuts text into tokens as readers do for which indentation counts for nothing within brackets and quotes. The library's own
// lexer holds to the letter of YAML there, and refuses lists and texts that go on at the column of their key:
//
//   needs: [extract,
//   clean]
//
// The two methods are not the library's to offer; its version is pinned, and a test reads such texts.
import { Lexer } from 'yaml';

interface Inside {
  /** How far the next line of the same value has to be indented. */
  indentNext: number;
}
type Step = (this: Inside) => Generator<string, unknown>;

export function lenientLexer(): Lexer {
  const lexer = new Lexer();
  const steps = lexer as unknown as Record<'parseFlowCollection' | 'parseQuotedScalar', Step>;
  steps.parseFlowCollection = unindented(steps.parseFlowCollection);
  steps.parseQuotedScalar = unindented(steps.parseQuotedScalar);
  return lexer;
}

function unindented(step: Step): Step {
  return function* (this: Inside) {
    const before = this.indentNext;
    this.indentNext = 0;
    const next = yield* step.call(this);
    this.indentNext = before;
    return next;
  };
}
