// How the evaluating process is started: which paths it sees under which names, and Node's options that confine it even
// where there is no sandbox. Inside a sandbox the paths are made up, so that nothing tells how this machine is laid out.
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Mount } from '@glovebox/record';

export const pyodideFolder = dirname(fileURLToPath(import.meta.resolve('pyodide/pyodide.mjs')));
export const pythonFolder = fileURLToPath(new URL('../../python/', import.meta.url)).replace(/\/$/, '');
export const childFile = fileURLToPath(new URL('../../evaluate/child.mjs', import.meta.url));

/** Where the definition's folders are in its own eyes. */
export const insideFolder = '/workspace';

export interface ChildPaths {
  readonly node: string;
  readonly child: string;
  readonly pyodide: string;
  readonly python: string;
  readonly snapshot: string | undefined;
  /** Folders of the study and their places inside Python. */
  readonly folders: readonly { readonly from: string; readonly to: string }[];
}

/** The paths on this machine for a run in `directory`. */
export function hostPaths(snapshot: string | undefined, folders: ChildPaths['folders']): ChildPaths {
  return {
    node: process.execPath,
    child: childFile,
    pyodide: pyodideFolder,
    python: pythonFolder,
    snapshot,
    folders,
  };
}

/** The same under names of the sandbox, and the mounts that make them exist. */
export function confinedPaths(host: ChildPaths): { readonly paths: ChildPaths; readonly mounts: readonly Mount[] } {
  const mounts: Mount[] = [];
  const show = (from: string, to: string): string => {
    mounts.push({ from, to, access: 'read' });
    return to;
  };
  const paths = {
    node: show(host.node, '/glovebox/node'),
    child: show(host.child, '/glovebox/child.mjs'),
    pyodide: show(host.pyodide, '/glovebox/pyodide'),
    python: show(host.python, '/glovebox/python'),
    snapshot: host.snapshot === undefined ? undefined : show(host.snapshot, '/glovebox/snapshot'),
    folders: host.folders.map(({ from, to }) => ({ from: show(from, `/study${to}`), to })),
  };
  return { paths, mounts };
}

export interface ChildTask {
  readonly file: string;
  readonly args: readonly string[];
  readonly kind: string;
  readonly withPlaces: boolean;
  readonly memoryBytes: number;
}

/** The whole command line of an evaluation. */
export function evaluateCommand(paths: ChildPaths, task: ChildTask): [string, ...string[]] {
  const readable = [paths.child, `${paths.pyodide}/*`, `${paths.python}/*`, ...paths.folders.map((f) => `${f.from}/*`)];
  if (paths.snapshot !== undefined) readable.push(paths.snapshot);
  return [
    paths.node,
    '--no-warnings',
    // Baseline compilation only: optimising Python itself takes longer than any definition runs.
    '--liftoff-only',
    '--max-old-space-size=512',
    '--disallow-code-generation-from-strings',
    '--experimental-permission',
    ...readable.map((path) => `--allow-fs-read=${path}`),
    paths.child,
    'evaluate',
    JSON.stringify({
      ...task,
      pyodide: `${paths.pyodide}/pyodide.mjs`,
      python: paths.python,
      snapshot: paths.snapshot,
      folders: paths.folders,
    }),
  ];
}

/** The command line that makes a snapshot. It runs nothing but our own code. */
export function snapshotCommand(to: string): [string, ...string[]] {
  const config = { pyodide: join(pyodideFolder, 'pyodide.mjs'), python: pythonFolder, to, memoryBytes: 2 ** 30 };
  return [process.execPath, '--no-warnings', childFile, 'snapshot', JSON.stringify(config)];
}

/** Where a definition file is inside, and the folders that make it so: the working folder, and its own if elsewhere. */
export function placesFor(directory: string, file: string): { inside: string; folders: ChildPaths['folders'] } {
  const root = resolve(directory);
  const path = resolve(root, file);
  const working = { from: root, to: insideFolder };
  const below = relative(root, path);
  if (below !== '..' && !below.startsWith(`..${sep}`)) return { inside: below, folders: [working] };
  const elsewhere = { from: dirname(path), to: '/definition' };
  return { inside: `/definition/${relative(dirname(path), path)}`, folders: [working, elsewhere] };
}
