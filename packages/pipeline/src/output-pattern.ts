// The rules for a declared output path. They are tried in order and the first that fails is reported, because a path that
// breaks one usually breaks others for the same reason.
import { posix } from 'node:path';
import type { PrivacyLevel, Problem, Place } from '@glovebox/record';
import { problem } from './problems.js';

/** File types that reviewers can look at; compared in the case they are written here. */
export const reviewableFileTypes = [
  '.csv',
  '.jpg',
  '.jpeg',
  '.png',
  '.svg',
  '.svgz',
  '.html',
  '.txt',
  '.log',
  '.json',
  '.md',
] as const;

/** The last suffix as Python's pathlib sees it: `a.csv.gz` has `.gz`; a name that only starts or ends with a dot has none. */
export function suffixOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot > 0 && dot < name.length - 1 ? name.slice(dot) : '';
}

const isAbsolute = (pattern: string): boolean => pattern.startsWith('/') || /^[A-Za-z]:\//.test(pattern);

/** The standard form of a path: no `.` parts, no doubled or closing slash. */
function standardForm(pattern: string): string {
  const normal = posix.normalize(pattern).replace(/(?<=.)\/$/, '');
  return normal.startsWith('//') ? normal.slice(1) : normal;
}

export function checkOutputPattern(pattern: string, level: PrivacyLevel, place: Place): Problem | undefined {
  if (pattern.includes('\\')) return problem('output-backslash', [pattern], place);
  const wildcard = ['**', '?', '['].find((mark) => pattern.includes(mark));
  if (wildcard !== undefined) return problem('output-wildcard', [pattern, wildcard], place);
  // A closing slash is another fault, which is named below.
  let end = pattern.length;
  while (pattern[end - 1] === '/') end--;
  const suffix = suffixOf(pattern.slice(0, end));
  if (suffix === '' || pattern.endsWith('*')) return problem('output-no-extension', [pattern], place);
  if (level === 'moderately_sensitive' && !(reviewableFileTypes as readonly string[]).includes(suffix)) {
    return problem('output-file-type', [pattern, reviewableFileTypes], place);
  }
  const standard = standardForm(pattern);
  if (standard !== pattern) return problem('output-not-standard', [pattern, standard], place);
  if (isAbsolute(pattern)) return problem('output-absolute', [pattern], place);
  if (pattern === '..' || pattern.startsWith('../')) return problem('output-outside', [pattern], place);
  if (pattern.split('/')[0] === 'metadata') return problem('output-metadata', [pattern], place);
  return undefined;
}
