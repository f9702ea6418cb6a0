// Which files of a study an action can read, as far as that decides whether its result still holds.
//
// - The study's `glovebox.yaml` may say it for an action by patterns; that goes before everything else.
// - For an action that evaluates a definition, when the run before told what it opened: exactly those files, and the names of
//   the Python modules beside them, because a new module can take the place of one that was imported.
// - Otherwise every file that is code or data: not documentation, not settings of tools, not what actions declare to make.
import type { Action } from '../pipeline.js';
import { anyPatternMatcher, patternMatcher } from '../path-pattern.js';
import { listingDigest, type CodeTree } from './code-tree.js';

export interface ReadableFiles {
  readonly digest: string;
  readonly files: ReadonlyMap<string, string>;
}

/** A rule that selects files; `key` tells equal rules. */
export interface FileRule {
  readonly key: string;
  readonly select: (tree: CodeTree) => Iterable<readonly [string, string]>;
}

const documentation = /(?:^|\/)(?:licen[cs]e|readme|citation|changelog|contributing|codeowners)(?:\.[^/]*)?$|\.md$/i;
/** `project.yaml` is left out because what it says of an action is compared by itself. */
const ownSettings = new Set(['project.yaml', 'glovebox.yaml']);
const ofTools = (path: string): boolean => /(?:^|\/)\.(?:git|vscode\/|devcontainer\/|idea\/)/.test(path);

/** Every file that is code or data, for a study whose actions declare these outputs. */
export function codeAndData(actions: readonly Action[]): FileRule {
  const isOutput = anyPatternMatcher(
    actions.flatMap(({ outputs }) => Object.values(outputs).flatMap((level) => Object.values(level))),
  );
  const isRead = (path: string): boolean =>
    !ownSettings.has(path) &&
    !ofTools(path) &&
    !documentation.test(path) &&
    !path.startsWith('metadata/') &&
    !isOutput(path);
  return { key: 'code-and-data', select: ({ files }) => [...files].filter(([path]) => isRead(path)) };
}

/** `**` stands for any number of folders; otherwise as in the outputs of project.yaml. */
export function readsMatcher(pattern: string): (path: string) => boolean {
  const [start, ...rest] = pattern.split('**/');
  if (start === undefined || rest.length === 0) return patternMatcher(pattern);
  const tail = readsMatcher(rest.join('**/'));
  const depth = start.split('/').length - 1;
  const head = patternMatcher(start.slice(0, -1));
  return (path) => {
    const names = path.split('/');
    if (depth > 0 && !head(names.slice(0, depth).join('/'))) return false;
    return names.some((_, i) => i >= depth && tail(names.slice(i).join('/')));
  };
}

export function filesLike(patterns: readonly string[]): FileRule {
  const matchers = patterns.map(readsMatcher);
  return {
    key: `like ${JSON.stringify(patterns)}`,
    select: ({ files }) => [...files].filter(([path]) => matchers.some((matches) => matches(path))),
  };
}

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);
/** A name without a type may be a link to a folder of modules. */
const moduleName = /^[^/]+\.(?:py|pyc|so)$|^[^/]+\/__init__\.(?:py|pyc|so)$|^[a-z_][a-z0-9_]*$/;
/** The folder of a path and those around it, the study's own included. */
const foldersAround = (path: string): string[] =>
  path.split('/').map((_, i, names) => (i === 0 ? '' : `${names.slice(0, i).join('/')}/`));

/** Files that were opened, by content, and the modules that could be imported beside them, by name. */
export function filesOpened(paths: readonly string[]): FileRule {
  const opened = new Set(paths);
  const folders = new Set(['', ...paths.filter((path) => path.endsWith('.py')).flatMap(foldersAround)]);
  const isModule = (path: string): boolean => {
    const folder = folderOf(path);
    const above = folderOf(folder.slice(0, -1));
    return [folder, above].some((at) => folders.has(at) && moduleName.test(path.slice(at.length)));
  };
  return {
    key: `opened ${JSON.stringify([...opened].sort())}`,
    *select({ files }) {
      for (const [path, digest] of files) {
        if (opened.has(path)) yield [path, digest];
        else if (isModule(path)) yield [path, 'name only'];
      }
    },
  };
}

const noFiles: ReadableFiles = { digest: 'none', files: new Map() };

/** Remembers what a rule selects from a tree: thousands of actions mostly share one rule and one tree. */
export function fileSelector(): (tree: CodeTree | undefined, rule: FileRule) => ReadableFiles {
  const known = new Map<string, Map<string, ReadableFiles>>();
  return (tree, rule) => {
    if (!tree) return noFiles;
    const ofTree = known.get(tree.digest) ?? new Map<string, ReadableFiles>();
    known.set(tree.digest, ofTree);
    const before = ofTree.get(rule.key);
    if (before) return before;
    const files = new Map(rule.select(tree));
    const selected = { digest: listingDigest(files), files };
    ofTree.set(rule.key, selected);
    return selected;
  };
}
