// The error that the loader found in the researcher's code, as a problem. It comes from the definition's own process, so its
// fields are as untrusted as any.
import type { Place, Problem } from '@glovebox/record';

export interface FoundError {
  readonly problems: readonly [Problem];
  readonly exitCode: number;
  /** As Python prints it, of the study's own files alone; the last place has no source, since the problem shows it. */
  readonly traceback?: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** @param onHost gives a path in the eyes of the definition as the caller knows it */
export function errorOf(error: unknown, onHost: (path: string) => string): FoundError {
  const from = fieldsOf(error);
  const hint = textOf(from, 'hint');
  const place = placeOf(from, onHost);
  const traceback = tracebackOf(from['traceback'], onHost);
  const found: Problem = {
    code: textOf(from, 'code') ?? 'definition-failed',
    message: textOf(from, 'message') ?? 'The definition failed.',
    ...(hint === undefined ? {} : { hint }),
    ...(place === undefined ? {} : { place }),
  };
  // A system keeps the last eight bits: 256 would pass for success.
  const ownCode = numberOf(from, 'exit_code') ?? 10;
  const exitCode = ownCode <= 255 ? ownCode : 10;
  return { problems: [found], exitCode, ...(traceback === undefined ? {} : { traceback }) };
}

function placeOf(from: Fields, onHost: (path: string) => string): Place | undefined {
  const path = textOf(from, 'path');
  if (path === undefined) return undefined;
  const line = numberOf(from, 'line');
  const excerpt = textOf(from, 'excerpt')?.slice(0, longestLine);
  // What is underlined is drawn, so it must be in the line.
  const within = (name: string): number | undefined => {
    const value = numberOf(from, name);
    return value === undefined || excerpt === undefined || value <= excerpt.length + 1 ? value : undefined;
  };
  const [column, endColumn] = [within('column'), within('end_column')];
  return {
    path: onHost(path),
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
    ...(endColumn === undefined ? {} : { endColumn }),
    ...(excerpt === undefined ? {} : { excerpt }),
  };
}

function tracebackOf(frames: unknown, onHost: (path: string) => string): string | undefined {
  if (!Array.isArray(frames)) return undefined;
  const lines = frames.flatMap((frame, i) => {
    const from = fieldsOf(frame);
    const where = `  File "${onHost(textOf(from, 'path') ?? '?')}", line ${numberOf(from, 'line') ?? '?'}`;
    const source = textOf(from, 'source')?.trim();
    const isLast = i === frames.length - 1;
    return [
      `${where}, in ${textOf(from, 'function') ?? '<module>'}`,
      ...(isLast || source === undefined || source === '' ? [] : [`    ${source}`]),
    ];
  });
  return ['Traceback (most recent call last):', ...lines].join('\n');
}

const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});

const longestLine = 2_000;
const longestText = 10_000;
/** What a terminal would obey instead of showing it; each stands for one character, so that columns stay. */
const unprintable = /[^\P{Cc}\t\n]|[\u202a-\u202e\u2066-\u2069]|\p{Cs}/gu;

function textOf(from: Fields, name: string): string | undefined {
  const value = from[name];
  return typeof value === 'string' ? value.slice(0, longestText).replaceAll(unprintable, '\ufffd') : undefined;
}

function numberOf(from: Fields, name: string): number | undefined {
  const value = from[name];
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1 ? value : undefined;
}
