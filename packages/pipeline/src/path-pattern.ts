// Tests whether a path matches a pattern of project.yaml, where `*` stands for anything within one folder.

/** Whether the text begins with the first part, ends with the last, and has the others in their order between. */
function matchesName(text: string, [first = '', ...others]: readonly string[]): boolean {
  const last = others.pop();
  if (last === undefined) return text === first;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  const end = text.length - last.length;
  let at = first.length;
  for (const part of others) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

/**
 * Gives the test of a pattern; names that begin with a dot match too. No regular expression: with several stars and a name
 * made for it, one would keep the process busy for days.
 */
export function patternMatcher(pattern: string): (path: string) => boolean {
  const segments = pattern.split('/').map((segment) => segment.split('*'));
  return (path) => {
    const names = path.split('/');
    return names.length === segments.length && names.every((name, i) => matchesName(name, segments[i]!));
  };
}

/** The test of many patterns at once: whether any of them matches. Those without a star cost one look-up together. */
export function anyPatternMatcher(patterns: Iterable<string>): (path: string) => boolean {
  const literal = new Set<string>();
  const others: { readonly start: string; readonly matches: (path: string) => boolean }[] = [];
  for (const pattern of new Set(patterns)) {
    const star = pattern.indexOf('*');
    if (star < 0) literal.add(pattern);
    else others.push({ start: pattern.slice(0, star), matches: patternMatcher(pattern) });
  }
  return (path) => literal.has(path) || others.some(({ start, matches }) => path.startsWith(start) && matches(path));
}
