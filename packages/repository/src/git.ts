// Runs the git binary. Hostile repositories and odd configurations of the machine's users must not matter: no shell, no
// hooks, no configuration but ours, an environment built from nothing, a short list of protocols, and a time limit.
// git dies with the process that started it (setpriv --pdeathsig), so a killed agent leaves no git behind.
import { execFile, spawn, type ChildProcessByStdio, type ExecFileException } from 'node:child_process';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

/** Settings that git reads in place of the system's and the user's. */
const settings = `[core]
\thooksPath = /dev/null
\tfsmonitor = false
\tattributesFile = /dev/null
[safe]
\tdirectory = *
[gc]
\tauto = 0
[maintenance]
\tauto = false
[fetch]
\tunpackLimit = 1
\trecurseSubmodules = false
[http]
\tfollowRedirects = initial
\tlowSpeedLimit = 1000
\tlowSpeedTime = 60
[credential]
\thelper =
[protocol]
\tallow = never
[protocol "https"]
\tallow = always
[protocol "file"]
\tallow = always
`;

const passedOn = ['https_proxy', 'HTTPS_PROXY', 'no_proxy', 'NO_PROXY', 'SSL_CERT_FILE', 'GIT_SSL_CAINFO'];

export interface Git {
  /** Runs to the end. @throws GitError */
  run(args: readonly string[], options?: RunOptions): Promise<Buffer>;
  /** Starts git with pipes, for conversations such as `cat-file --batch`. */
  start(args: readonly string[]): ChildProcessByStdio<Writable, Readable, null>;
}

interface RunOptions {
  readonly input?: string;
  readonly maxBytes?: number;
  readonly timeoutMilliseconds?: number;
}

export class GitError extends Error {
  readonly exitCode: number | undefined;
  readonly isTimeout: boolean;
  readonly isTooLarge: boolean;
  readonly stderr: string;
  constructor(cause: ExecFileException, stderr: string) {
    super(`git failed: ${stderr.trim().split('\n')[0] ?? ''}`, { cause });
    this.name = 'GitError';
    this.exitCode = typeof cause.code === 'number' ? cause.code : undefined;
    this.isTooLarge = (cause.code as unknown) === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER';
    this.isTimeout = cause.killed === true && !this.isTooLarge;
    this.stderr = stderr;
  }
}

function environment(settingsFile: string): Record<string, string> {
  const kept = passedOn.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(kept),
    PATH: '/usr/local/bin:/usr/bin:/bin',
    HOME: '/nonexistent',
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: settingsFile,
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '/bin/false',
    GIT_ALLOW_PROTOCOL: 'https:file',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_LITERAL_PATHSPECS: '1',
  };
}

/** Writes the settings file into `folder` (made when it is missing) and gives a git that works on `gitFolder`. */
export async function gitFor(folder: string, gitFolder: string): Promise<Git> {
  await mkdir(folder, { recursive: true });
  const settingsFile = join(folder, 'gitconfig');
  const temporary = `${settingsFile}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  await writeFile(temporary, settings);
  await rename(temporary, settingsFile);
  const env = environment(settingsFile);
  const command = ['--pdeathsig', 'KILL', '--', 'git', `--git-dir=${gitFolder}`];
  return {
    run: (args, { input, maxBytes = 64 * 2 ** 20, timeoutMilliseconds = 60_000 } = {}) =>
      new Promise((resolve, reject) => {
        const child = execFile(
          'setpriv',
          [...command, ...args],
          {
            env,
            cwd: folder,
            encoding: 'buffer',
            maxBuffer: maxBytes,
            timeout: timeoutMilliseconds,
            killSignal: 'SIGKILL',
          },
          (error, stdout, stderr) => (error ? reject(new GitError(error, stderr.toString())) : resolve(stdout)),
        );
        child.stdin?.on('error', () => undefined).end(input ?? '');
      }),
    start: (args) => spawn('setpriv', [...command, ...args], { env, cwd: folder, stdio: ['pipe', 'pipe', 'ignore'] }),
  };
}
