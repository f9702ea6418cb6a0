// The process that runs a researcher's definition: Python as WebAssembly, with the study's folder to read and nothing
// else. Plain JavaScript, because it is started by path with options that confine it (see `src/evaluate/child-command.ts`):
// Node's own permission model (no writing, no processes), no code from strings, and a sandbox around it where there is one.
//
// Usage: node child.mjs snapshot CONFIG | node child.mjs evaluate CONFIG, where CONFIG is JSON.
// `snapshot` writes a memory image of Python with the front end loaded; `evaluate` prints the loader's JSON answer.
import { constants, readFileSync, writeFileSync } from 'node:fs';

const [, , mode, configText] = process.argv;
const config = JSON.parse(configText);
const { stdout, stderr } = process;
const exit = process.exit.bind(process);

// Pyodide reads the numbers of open(2) flags in a way that the permission model refuses.
process.binding = () => ({ fs: constants });

const { loadPyodide } = await import(config.pyodide);

// One module memory grows as Python asks; refusing makes it a MemoryError inside, which says where it happened.
let isMemoryRefused = false;
// oxlint-disable-next-line typescript/unbound-method -- called below with the memory that it belongs to
const grow = WebAssembly.Memory.prototype.grow;
WebAssembly.Memory.prototype.grow = function limited(pages) {
  if (this.buffer.byteLength + pages * 65536 > config.memoryBytes) {
    isMemoryRefused = true;
    throw new RangeError('memory limit');
  }
  return grow.call(this, pages);
};

/** Like what a definition prints, what it writes to its standard streams itself is kept up to here. */
const mostPrinted = 1_000_000;
let room = mostPrinted;

/** Writes bytes on, or no more of them: a stream that nobody empties while Python runs would hold all of them. */
function print(bytes) {
  if (room === 0) return bytes.length;
  const kept = bytes.slice(0, room);
  room -= kept.length;
  stderr.write(kept);
  if (room === 0) stderr.write('\n(output cut here)\n');
  return bytes.length;
}

async function startPython(options) {
  return loadPyodide({
    // Python gets no JavaScript globals, and an environment without anything of this machine.
    jsglobals: {},
    env: {
      HOME: '/',
      PYTHONHASHSEED: '0',
      _: '',
      USER: 'researcher',
      LOGNAME: 'researcher',
      PYTHONDONTWRITEBYTECODE: '1',
    },
    stdin: () => null,
    ...options,
  });
}

function mount(python, folder, at) {
  python.FS.mkdirTree(at);
  python.FS.mount(python.FS.filesystems.NODEFS, { root: folder }, at);
}

/** What the front end needs at start, and what definitions commonly import. */
const warmUp = `
import sys, importlib
sys.path.insert(0, '/glovebox/python')
import argparse, collections, csv, dataclasses, datetime, functools, itertools, json, math, operator, os, pathlib, re
import glob, io, string, textwrap, traceback, types, typing
for name in ('ehrql', 'ehrql._loader', 'ehrql._confinement', 'ehrql.codes', 'ehrql.measures', 'ehrql.query_language', 'ehrql.serializer',
             'ehrql.tables', 'ehrql.tables.core', 'ehrql.tables.tpp', 'ehrql.tables.emis', 'ehrql.tables.smoketest',
             'ehrql.tables.raw.core', 'ehrql.tables.raw.tpp'):
    importlib.import_module(name)
`;

async function makeSnapshot() {
  const python = await startPython({ _makeSnapshot: true });
  mount(python, config.python, '/glovebox/python');
  python.runPython(warmUp);
  python.FS.unmount('/glovebox/python');
  writeFileSync(config.to, python.makeMemorySnapshot());
}

/** Makes every mounted folder read-only for Python, with the error that a read-only disk gives. */
function refuseWriting({ FS, ERRNO_CODES }) {
  const { node_ops: nodes, stream_ops: streams } = FS.filesystems.NODEFS;
  const refuse = () => {
    throw new FS.ErrnoError(ERRNO_CODES.EROFS);
  };
  for (const name of ['setattr', 'mknod', 'rename', 'unlink', 'rmdir', 'symlink']) nodes[name] = refuse;
  const open = streams.open;
  const writing = constants.O_WRONLY | constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC | constants.O_APPEND;
  streams.open = (stream) => ((stream.flags & writing) === 0 ? open(stream) : refuse());
  streams.write = refuse;
}

/** Python's sockets would go through this process: there are none. */
function refuseSockets({ FS, ERRNO_CODES, _module }) {
  _module.SOCKFS.createSocket = () => {
    throw new FS.ErrnoError(ERRNO_CODES.EACCES);
  };
  for (const name of ['fetch', 'WebSocket', 'EventSource', 'process', 'require', 'Buffer']) {
    Object.defineProperty(globalThis, name, { value: undefined, writable: false, configurable: false });
  }
}

/** Whether the researcher's file has begun to run. */
let isLoading = false;

async function evaluate() {
  // Python that dies says so at length, and to no use: the caller says it in words of its own.
  console.error = () => {};
  const snapshot = config.snapshot === undefined ? {} : { _loadSnapshot: readFileSync(config.snapshot) };
  const python = await startPython(snapshot);
  python.setStdout({ write: print });
  python.setStderr({ write: print });
  mount(python, config.python, '/glovebox/python');
  if (config.snapshot === undefined) python.runPython(warmUp);
  for (const { from, to } of config.folders) mount(python, from, to);
  refuseWriting(python);
  refuseSockets(python);
  python.FS.chdir('/workspace');
  // Nobody should stumble over these; whoever goes looking still meets the process's own walls.
  python.unregisterJsModule('js');
  python.unregisterJsModule('pyodide_js');
  const load = python.runPython(
    'import importlib; importlib.invalidate_caches(); from ehrql._confinement import confine; confine(); ' +
      'from ehrql._model.node import keep_nodes; keep_nodes(); ' +
      'from ehrql._loader import load, print_at_once; print_at_once(); load',
  );
  isLoading = true;
  return load(config.file, python.toPy(config.args), config.kind, config.withPlaces === true);
}

/** Ends when everything written has been taken. */
function finish(answer) {
  const code = answer === undefined ? 70 : 0;
  stderr.write('', () => stdout.write(JSON.stringify({ isMemoryRefused, answer }), () => exit(code)));
}

if (mode === 'snapshot') {
  await makeSnapshot();
  exit(0);
}
try {
  finish(await evaluate());
} catch (error) {
  // Python itself gave up: the stack or the memory of the WebAssembly machine ran out, or the definition broke it.
  if (!isLoading) stderr.write(`${String(error?.message ?? error).slice(0, 2000)}\n`);
  finish(undefined);
}
