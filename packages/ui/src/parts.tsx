// Small parts that pages are built from. Text given to them is data: hono's JSX escapes it, and nothing here opts out.
import type { Child } from 'hono/jsx';

export interface Crumb {
  readonly text: string;
  /** Absent for the page itself. */
  readonly href?: string;
}

export const Breadcrumbs = ({ crumbs }: { readonly crumbs: readonly Crumb[] }) => (
  <nav class="crumbs" aria-label="Breadcrumb">
    <ol>
      {crumbs.map((crumb) => (
        <li>{crumb.href ? <a href={crumb.href}>{crumb.text}</a> : <span aria-current="page">{crumb.text}</span>}</li>
      ))}
    </ol>
  </nav>
);

/** A term and what it is; a fact that is `null` is left out. */
export type Fact = readonly [term: string, value: Child];

/** @param wide terms and values side by side, for a page's main column */
export const Facts = ({
  facts,
  wide = false,
}: {
  readonly facts: readonly (Fact | null)[];
  readonly wide?: boolean;
}) => (
  <dl class={wide ? 'facts wide' : 'facts'}>
    {facts
      .filter((fact) => fact !== null)
      .map(([term, value]) => (
        <div>
          <dt>{term}</dt>
          <dd>{value}</dd>
        </div>
      ))}
  </dl>
);

/** A table that scrolls inside itself; the keyboard can scroll it too. */
export const Table = ({
  label,
  children,
  kind,
}: {
  readonly label: string;
  readonly children: Child;
  readonly kind?: string;
}) => (
  <div class="table" tabindex={0} role="region" aria-label={label}>
    <table class={kind}>{children}</table>
  </div>
);

/** The heading of a column; one of numbers stands above their last digits. */
export type Column = string | { readonly number: string; readonly unit?: string };

/** The head of a table whose columns need nothing but their headings. */
export const Columns = ({ of }: { readonly of: readonly Column[] }) => (
  <thead>
    <tr>
      {of.map((column) =>
        typeof column === 'string' ? (
          <th scope="col">{column}</th>
        ) : (
          <th scope="col" class="number">
            {column.number}
            {column.unit !== undefined && <div class="small quiet">{column.unit}</div>}
          </th>
        ),
      )}
    </tr>
  </thead>
);

/** An empty or broken state: what is so, and what can be done. */
export const Notice = ({ children, isBad = false }: { readonly children: Child; readonly isBad?: boolean }) => (
  <div class={isBad ? 'notice bad stack' : 'notice stack'}>{children}</div>
);

/** Something to quote elsewhere, with a button that copies it where scripts run. */
export const Copyable = ({ text, label }: { readonly text: string; readonly label: string }) => (
  <glovebox-copy data-value={text} data-label={label}>
    <code>{text}</code>
  </glovebox-copy>
);

export const Disclosure = ({
  summary,
  id,
  isOpen = false,
  children,
}: {
  readonly summary: Child;
  readonly id?: string;
  readonly isOpen?: boolean;
  readonly children: Child;
}) => (
  <details class="box" id={id} open={isOpen}>
    <summary>{summary}</summary>
    {children}
  </details>
);

/** "1 job", "2 jobs"; give the plural when it is not the word with an s. */
export const count = (n: number, one: string, many = `${one}s`): string =>
  `${n.toLocaleString('en-GB')} ${n === 1 ? one : many}`;

/** "a", "a and b", "a, b and c". */
export function inWords(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** A name that may break after an underscore, a hyphen or a dot, and nowhere else while there is room. */
export const Name = ({ text }: { readonly text: string }) => (
  <>
    {text.split(/(?<=[_./-])/).map((part, i) => (
      <>
        {i > 0 && <wbr />}
        {part}
      </>
    ))}
  </>
);

/** Facts in one line, each with a quiet word that says what it is. */
export const FactLine = ({ facts }: { readonly facts: readonly (Fact | null)[] }) => (
  <dl class="line">
    {facts
      .filter((fact) => fact !== null)
      .map(([term, value]) => (
        <div>
          <dt>{term}</dt> <dd>{value}</dd>
        </div>
      ))}
  </dl>
);

/** Words in which `what stands between backticks` is an identifier, a path or a command. */
export const Prose = ({ text }: { readonly text: string }) => (
  <>{text.split('`').map((part, i, parts) => (i % 2 === 1 && i < parts.length - 1 ? <code>{part}</code> : part))}</>
);
