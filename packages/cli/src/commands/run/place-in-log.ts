// Finds in what a script printed last where it failed, as far as R or Python say it: R tells a line only of files that were read
// by source(), of documents that knitr makes, and where the study's options ask for it.

/** Each with the file and the line; the last place of the log that one of them matches counts. */
const forms: readonly RegExp[] = [
  // Python: the innermost frame comes last.
  /^\s*File "(?<file>[^"<>]+)", line (?<line>\d+)/,
  // R with options(show.error.locations = TRUE).
  /\(from (?<file>[^()#]+)#(?<line>\d+)\)/,
  // Of tracebacks: `2: f(1) at lib.R#3`, `at lib.R:3:1`.
  /\bat (?<file>[^\s#:]+\.[Rr])[#:](?<line>\d+)/,
  // A file that source() can't read: `lib.R:2:8: unexpected symbol`.
  /(?:^|\s)(?<file>[^\s:]+\.[Rr]):(?<line>\d+):\d+: /,
  /^Quitting from (?:lines )?(?:.*:)?(?<line>\d+)-\d+.*\((?<file>[^()]+)\)/,
];

/** What the study's folder is called inside, and what comes with the interpreters. */
const inside = /^(?:\/workspace\/|\.\/)/;

/**
 * @param lines what the script printed, from a line on to the end
 * @returns for example `lib.R, line 3`
 */
export function placeInLog(lines: readonly string[]): string | undefined {
  for (const line of lines.toReversed()) {
    for (const form of forms) {
      const { file, line: number } = form.exec(line)?.groups ?? {};
      const path = file?.replace(inside, '');
      if (path !== undefined && !path.startsWith('/')) return `${path}, line ${number}`;
    }
  }
  return undefined;
}
