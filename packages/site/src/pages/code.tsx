// Source code as a page shows it: numbered lines that can be linked to, and words that name a file of the study as links.
import type { Line, Piece } from './highlighter.js';

export interface CodeProps {
  readonly lines: readonly Line[];
  /** What the anchors begin with: line 7 is `L7` for the prefix `L`. */
  readonly anchor: string;
  /** Where a word leads, if it names a file of the study. */
  readonly linkOf?: (word: string) => string | null;
}

// Runs first, then the word in a run that is short enough for a path: one search for both would take a minute for a line of
// some hundred thousand letters.
const run = /[\w./-]+/g;
const word = /[\w./-]*\w\.\w+/g;
const longestPath = 300;

const wordsOf = (text: string): { readonly text: string; readonly index: number }[] =>
  [...text.matchAll(run)]
    .filter(([found]) => found.length <= longestPath)
    .flatMap((found) => [...found[0].matchAll(word)].map((m) => ({ text: m[0], index: found.index + m.index })));

/** The piece's text with every word that names a file turned into a link. */
function withLinks(text: string, linkOf: (word: string) => string | null) {
  const parts: (string | ReturnType<typeof Link>)[] = [];
  let end = 0;
  for (const found of wordsOf(text)) {
    const href = linkOf(found.text);
    if (href === null) continue;
    parts.push(text.slice(end, found.index), <Link href={href} text={found.text} />);
    end = found.index + found.text.length;
  }
  parts.push(text.slice(end));
  return parts;
}

const Link = ({ href, text }: { readonly href: string; readonly text: string }) => <a href={href}>{text}</a>;

const PieceText = ({ piece, linkOf }: { readonly piece: Piece; readonly linkOf?: CodeProps['linkOf'] }) => {
  const content = linkOf ? withLinks(piece.text, linkOf) : piece.text;
  return piece.kind ? <span class={`t-${piece.kind}`}>{content}</span> : <>{content}</>;
};

export const Code = ({ lines, anchor, linkOf }: CodeProps) => (
  <div class="code" tabindex={0} role="region" aria-label="Source code">
    {lines.map((line, i) => (
      <div class="row" id={`${anchor}${i + 1}`}>
        <a class="gutter" href={`#${anchor}${i + 1}`} aria-label={`Line ${i + 1}`}>
          {i + 1}
        </a>
        <code class="text">
          {line.map((piece) => (
            <PieceText piece={piece} linkOf={linkOf} />
          ))}
        </code>
      </div>
    ))}
  </div>
);
