// Definitions that try what a definition must not do, evaluated in bubblewrap as on a secure machine. Each is asked twice:
// as it stands, where it is told in words of its own why not; and with that politeness switched off from inside, as an
// attacker would, where only the walls are left: WebAssembly, Node's permissions, the sandbox.
import { existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluateDefinition, type Evaluation, type EvaluationLimits } from '../packages/language/src/index.js';
import { bubblewrapSandbox } from '../packages/sandbox/src/index.js';

const root = mkdtempSync(join(tmpdir(), 'glovebox-hostile-'));
const secret = 'a secret of this machine';
let server: Server;
let connections = 0;
let port = 0;

const writing = /can't write, move or delete files/;
const network = /has no network/;
const programs = /can't start or signal other programs/;
const outside = /sees the study's folder and nothing else of the machine/;
const beyond = /is run as pure Python, without access to what runs it/;

/** What is tried, how, and what is said. */
const attacks: readonly (readonly [string, string, RegExp])[] = [
  ['write a new file', 'open("new.txt", "w").write("x")', writing],
  ['add to its own file', 'open("definition.py", "a").write("x")', writing],
  ['write beside the study', 'open("../new.txt", "w").write("x")', writing],
  ['write where programs keep temporary files', 'import tempfile; tempfile.NamedTemporaryFile()', writing],
  ['make a folder', 'import os; os.mkdir("folder")', writing],
  ['delete a file', 'import os; os.remove("kept.txt")', writing],
  ['rename a file', 'import os; os.rename("kept.txt", "other.txt")', writing],
  ['cut a file short', 'import os; os.truncate("kept.txt", 0)', writing],
  ['change permissions', 'import os; os.chmod("kept.txt", 0)', writing],
  ['make a link out of the study', 'import os; os.symlink("/etc/passwd", "made"); print(open("made").read())', writing],
  ['read a file of the machine', 'print(open("/etc/passwd").read())', outside],
  ['read beside the study', 'print(open("../secret.txt").read())', outside],
  ['read through a link of the study', 'print(open("link.txt").read())', outside],
  ['read through a linked folder', 'print(open("linked/secret.txt").read())', outside],
  ['read its own environment in /proc', 'print(open("/proc/self/environ").read())', outside],
  ['read the command line of a process', 'print(open("/proc/1/cmdline").read())', outside],
  ['read a disk', 'print(open("/dev/sda", "rb").read(1))', outside],
  ['read through a library', 'import runpy; runpy.run_path("/etc/passwd")', outside],
  ["read below Python's files", 'import os; print(os.read(os.open("/etc/passwd", os.O_RDONLY), 100))', outside],
  [
    'run a file of the machine as a module',
    'from importlib.machinery import SourceFileLoader; SourceFileLoader("x", "/etc/passwd").load_module()',
    outside,
  ],
  ['import a linked module', 'import linked_module; print(linked_module.secret)', /No module named 'linked_module'/],
  [
    'take codes from a linked file',
    'from ehrql import codelist_from_csv; print(codelist_from_csv("link.csv", column="code"))',
    /No CSV file at link.csv/,
  ],
  [
    'take a table from a linked file',
    'from ehrql import table_from_file; table_from_file("link.csv", columns={"code": str})',
    /is outside the study/,
  ],
  ['write by a path object', 'import pathlib; pathlib.Path("new.txt").write_text("x")', writing],
  ['change what studies import', 'open("/glovebox/python/ehrql/__init__.py", "a").write("x")', writing],
  ['make a database', 'import sqlite3; sqlite3.connect("new.db").execute("create table t (a)")', writing],
  ['make an archive', 'import zipfile; zipfile.ZipFile("new.zip", "w").writestr("a", "b")', writing],
  ['connect', 'import socket; socket.create_connection(("127.0.0.1", PORT), timeout=2); print("connected")', network],
  [
    'send a datagram',
    'import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", PORT))',
    network,
  ],
  ['listen', 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen()', network],
  ['ask for a page', 'import urllib.request; print(urllib.request.urlopen("http://127.0.0.1:PORT/").read())', network],
  ['open a pair of sockets', 'import socket; socket.socketpair()', network],
  [
    'ask for a page by what runs it',
    'from pyodide.http import open_url; print(open_url("http://127.0.0.1:PORT/").read())',
    beyond,
  ],
  ['start a program', 'import subprocess; print(subprocess.run(["/bin/true"]))', programs],
  ['fork', 'import os; print(os.fork())', programs],
  ['become another program', 'import os; os.execv("/bin/true", ["true"])', programs],
  ['signal another process', 'import os; os.kill(1, 9)', programs],
  ['start a thread', 'import threading; threading.Thread(target=print, args=("ran",)).start()', programs],
  [
    'start threads in a pool',
    'import concurrent.futures as c; c.ThreadPoolExecutor().submit(print).result(5)',
    programs,
  ],
  ['import JavaScript through the built-in names', 'import builtins; print(builtins.__import__("js").process)', beyond],
  ['import JavaScript', 'import js; print(js.process)', beyond],
  ['import JavaScript by another way', 'import importlib; print(importlib.import_module("js").process)', beyond],
  ['reach what runs Python', 'import pyodide_js; print(pyodide_js.FS)', beyond],
  ['run JavaScript text', 'from pyodide.code import run_js; print(run_js("process"))', beyond],
  [
    'make a function from text',
    'from pyodide.ffi import to_js; print(to_js([1]).constructor.constructor("return process")())',
    beyond,
  ],
];

/** Attacks one after another in one definition; what each met is printed as JSON. */
const attempts = (): string => `
import json
from ehrql._where import describe_error
for name, code in json.loads(${JSON.stringify(JSON.stringify(attacks.map(([name, code]) => [name, code])))}):
    try:
        exec(code.replace("PORT", "${port}"), {})
        print(json.dumps([name, None]))
    except BaseException as error:
        print(json.dumps([name, describe_error(error, "definition.py")["message"]]))
`;

const impolite = 'import ehrql._confinement\nehrql._confinement._is_on = False\n';

async function evaluate(
  source: string,
  limits: Partial<EvaluationLimits> = {},
): Promise<Evaluation & { study: string }> {
  const study = mkdtempSync(join(root, 'study-'));
  writeFileSync(join(study, 'definition.py'), source);
  writeFileSync(join(study, 'kept.txt'), 'kept');
  symlinkSync(join(root, 'secret.txt'), join(study, 'link.txt'));
  symlinkSync(join(root, 'secret.txt'), join(study, 'link.csv'));
  symlinkSync(join(root, 'secret.py'), join(study, 'linked_module.py'));
  symlinkSync(root, join(study, 'linked'));
  const request = { file: 'definition.py', directory: study, kind: 'dataset', sandbox: bubblewrapSandbox() } as const;
  return { ...(await evaluateDefinition({ ...request, limits })), study };
}

const code = (evaluation: Evaluation): string => (evaluation.ok ? 'accepted' : evaluation.problems[0]!.code);

beforeAll(async () => {
  // As text, as codes with a header, and as a module.
  writeFileSync(join(root, 'secret.txt'), `code\n${secret}\n`);
  writeFileSync(join(root, 'secret.py'), `secret = "${secret}"\n`);
  server = createServer(() => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as { port: number }).port;
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(root, { recursive: true, force: true });
});

describe.each([
  ['is told why not', ''],
  ['that switched off what tells it meets walls', impolite],
])('a definition in a sandbox %s', (_how, before) => {
  let met = new Map<string, string | null>();
  let evaluation: Awaited<ReturnType<typeof evaluate>>;
  beforeAll(async () => {
    evaluation = await evaluate(before + attempts());
    const lines = evaluation.printed.split('\n').filter((line) => line.startsWith('["'));
    met = new Map(lines.map((line) => JSON.parse(line) as [string, string | null]));
  }, 180_000);

  it.each(attacks)('when it tries to %s', (name, _code, message) => {
    // The walls let it write into the memory of its own Python, which is gone when it ends.
    const isHarmless = before !== '' && /beside the study|temporary files/.test(name);
    if (!isHarmless) expect(met.get(name)).toEqual(expect.stringMatching(before === '' ? message : /./));
  });

  it('and nothing of the machine was seen, touched or called', () => {
    expect(met.size).toBe(attacks.length);
    expect(evaluation.printed).not.toContain(secret);
    expect(evaluation.printed).not.toContain('root:');
    const links = ['link.csv', 'link.txt', 'linked', 'linked_module.py'];
    expect(readdirSync(evaluation.study).toSorted()).toEqual(['definition.py', 'kept.txt', ...links]);
    expect(existsSync(join(root, 'new.txt'))).toBe(false);
    expect(connections).toBe(0);
  });
});

describe('a definition in a sandbox that', () => {
  it('never ends is stopped, even inside one call of the library', async () => {
    const endless = [
      'while True: pass',
      'sum(iter(int, 1))',
      'import re; re.match(r"(a+)+$", "a" * 60 + "b")',
      'class D:\n  def __del__(self):\n    while True: pass\nd = D()\ndel d',
    ];
    for (const source of endless) {
      expect(code(await evaluate(source, { seconds: 2 })), source).toBe('definition-too-slow');
    }
  });

  it('eats memory slowly or at once is stopped', async () => {
    const inItsFiles = 'with open("/tmp/x", "wb") as file:\n  while True: file.write(bytes(10_000_000))';
    const greedy = [
      'x = []\nwhile True: x.append(bytearray(10_000_000))',
      'x = "x" * 10**9',
      // Files of its own are memory too, outside of Python's.
      `${impolite}${inItsFiles}`,
    ];
    for (const source of greedy) {
      expect(code(await evaluate(source, { memoryBytes: 256 * 2 ** 20 })), source).toBe('definition-too-big');
    }
  }, 180_000);

  it('prints without end is stopped', async () => {
    const flood = 'import os\nwhile True:\n  os.write(2, b"x" * 60_000 + b"\\n")\n  print("x" * 60_000)';
    const evaluation = await evaluate(flood, { seconds: 10 });
    expect(code(evaluation)).toBe('definition-too-slow');
    // The beginning is kept, and no more.
    expect(evaluation.printed).toMatch(/^xxx/);
    expect(evaluation.printed.length).toBeLessThan(1_100_000);
  });

  it('calls itself without end is told so', async () => {
    expect(code(await evaluate('def f(): f()\nf()'))).toBe('recursion');
  });

  it('ends its process without a word has only ended itself', async () => {
    expect(code(await evaluate('import os; os._exit(0)'))).toBe('definition-exited');
  });

  it.each([
    ['a shell', 'import os; os.system("true")'],
    ['a shell out of a pickle', 'import pickle; pickle.loads(b"cposix\\nsystem\\n(S\'true\'\\ntR.")'],
    [
      'a shell through the classes of Python',
      'c = [c for c in object.__subclasses__() if c.__name__ == "_wrap_close"][0]; c.__init__.__globals__["system"]("true")',
    ],
    ['JavaScript, through C', 'import ctypes; ctypes.CDLL(None).emscripten_run_script(b"1")'],
    ['the memory under Python', 'import ctypes; ctypes.memset(0x100, 0, 0x100000)'],
    ['the end of its process', 'import posix; posix._exit(0)'],
  ])('gets to %s breaks its own Python and nothing else', async (_what, attack) => {
    const evaluation = await evaluate(`${impolite}${attack}\nprint("reached")`);
    expect(code(evaluation)).toBe('definition-crashed');
    expect(evaluation.printed).not.toContain('reached');
  });
});
