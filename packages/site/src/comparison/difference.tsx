// One file's difference as a reader sees it: line numbers of both sides, plus and minus signs, folds that open.
import { count } from '@glovebox/ui';
import type { FileDifference } from './compare.js';
import type { DiffLine, Hunk } from './hunks.js';
import { revealed } from './revealed.js';

const signs = { ins: '+', del: '−', same: ' ' } as const;

const LineText = ({ line }: { readonly line: DiffLine }) => {
  const text = revealed(line.text);
  if (line.sign === 'ins') return <ins>{text}</ins>;
  return line.sign === 'del' ? <del>{text}</del> : <>{text}</>;
};

const LineRow = ({ line }: { readonly line: DiffLine }) => (
  <div class={`row ${line.sign}`}>
    <span class="gutter">{line.before}</span>
    <span class="gutter">{line.after}</span>
    <span class="sign">{signs[line.sign]}</span>
    <code class="text">
      <LineText line={line} />
    </code>
  </div>
);

/** Longer folds are named but not carried: the page would grow with the file instead of with the change. */
const longestCarriedFold = 400;

const HunkRows = ({ hunk }: { readonly hunk: Hunk }) => {
  const rows = () => hunk.lines.map((line) => <LineRow line={line} />);
  if (!hunk.isFold) return <>{rows()}</>;
  const words = count(hunk.lines.length, 'unchanged line');
  if (hunk.lines.length > longestCarriedFold) return <div class="fold">{words}</div>;
  return (
    <details>
      <summary>{words}</summary>
      {rows()}
    </details>
  );
};

const statusText: Readonly<Record<FileDifference['status'], string>> = {
  added: 'added',
  deleted: 'removed',
  modified: 'changed',
  renamed: 'renamed',
};

export const FileSection = ({ file, isOpen }: { readonly file: FileDifference; readonly isOpen: boolean }) => (
  <details class="box file" open={isOpen}>
    <summary>
      <code>{revealed(file.previousPath === null ? file.path : `${file.previousPath} → ${file.path}`)}</code>{' '}
      <span class="quiet">{statusText[file.status]}</span>
      {file.added !== null && file.deleted !== null && (
        <span class="counts number">
          <span class="plus">+{file.added}</span> <span class="minus">−{file.deleted}</span>
          <span class="visually-hidden">{` lines: ${file.added} added, ${file.deleted} removed`}</span>
        </span>
      )}
    </summary>
    {file.hunks ? (
      <div class="code" tabindex={0} role="region" aria-label={`Difference of ${file.path}`}>
        {file.hunks.map((hunk) => (
          <HunkRows hunk={hunk} />
        ))}
      </div>
    ) : (
      <p class="fold">{file.why}</p>
    )}
  </details>
);
