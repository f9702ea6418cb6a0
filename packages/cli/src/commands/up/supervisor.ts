// Keeps one child process alive: starts it, waits until it says that it is ready, restarts it when it dies, stops it when asked.
//
// A process is starting, ready or stopped. It starts at once, and after a death again with a pause that grows from a quarter of a
// second to ten; a run of three seconds counts as healthy and resets the pause. Once stopped it never starts again. It dies with
// this process, however that ends (setpriv --pdeathsig), so that no process of an earlier start is in the way of the next.
import { spawn, type ChildProcess } from 'node:child_process';

export interface SupervisedOptions {
  readonly name: string;
  readonly argv: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  /** Gets every line that the process writes to standard error, and those on standard output after the first. */
  readonly onLine: (line: string) => void;
  readonly onRestart?: (reason: string) => void;
  /** Called with its number when the process was started, for the first time or again. */
  readonly onStart?: (pid: number) => void;
}

const healthyMilliseconds = 3000;
const longestPause = 10_000;

export class Supervised {
  readonly #options: SupervisedOptions;
  #child: ChildProcess | undefined;
  #isStopped = false;
  #pause = 250;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: SupervisedOptions) {
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts the process; resolves with the first line of its standard output, rejects when it ends before that. */
  start(): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#launch({ ready: resolve, failed: reject });
    });
  }

  /** Asks the process to end, and ends it after five seconds if it has not. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGTERM');
    const killer = setTimeout(() => child.kill('SIGKILL'), 5000);
    await ended;
    clearTimeout(killer);
  }

  #launch(first?: { ready: (line: string) => void; failed: (error: Error) => void }): void {
    const { name, argv, env, onLine, onRestart, onStart } = this.#options;
    const startedAt = Date.now();
    const child = spawn('/usr/bin/setpriv', ['--pdeathsig', 'KILL', '--', ...argv], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    if (child.pid !== undefined) onStart?.(child.pid);
    let isReady = false;
    eachLine(child.stdout, (line) => {
      if (isReady || !first) return onLine(line);
      isReady = true;
      first.ready(line);
    });
    eachLine(child.stderr, onLine);
    child.once('error', (error) => first?.failed(error));
    child.once('close', (code, signal) => {
      const reason = `${name} ended ${signal ? `by ${signal}` : `with exit code ${code}`}`;
      if (first && !isReady) return first.failed(new Error(`${reason} before it was ready`));
      if (this.#isStopped) return;
      if (Date.now() - startedAt > healthyMilliseconds) this.#pause = 250;
      onRestart?.(reason);
      this.#timer = setTimeout(() => this.#launch(), this.#pause);
      this.#pause = Math.min(longestPause, this.#pause * 2);
    });
  }
}

function eachLine(stream: NodeJS.ReadableStream | null, onLine: (line: string) => void): void {
  let rest = '';
  stream?.setEncoding('utf8');
  stream?.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
  stream?.on('end', () => {
    if (rest !== '') onLine(rest);
  });
}
