// Starts a program in what stands for an image, confined as an action is but on the caller's terminal and in the folder itself:
// what it writes there stays there.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { defaultRuntimes } from '@glovebox/execution';
import { ProblemError, type ConfinedCommand } from '@glovebox/record';
import { attachBubblewrap, attachDocker } from '@glovebox/sandbox';
import { CommandFailure, type Terminal } from '../../command-line.js';
import { dockerSocket, imagePrefix, openExecutor, type Executor, type ExecutorName } from '../run/executor.js';
import { licenceFor } from '../run/refuse-images.js';
import { problem } from './problems.js';

export interface User {
  readonly uid: number;
  readonly gid: number;
}

export interface ExecOptions {
  readonly image: string;
  readonly words: readonly string[];
  readonly entrypoint: string | undefined;
  readonly env: Readonly<Record<string, string>>;
  /** Who it is inside; the usual one when undefined. */
  readonly user: User | undefined;
  readonly memoryBytes: number;
  readonly processors: number | undefined;
  readonly isVerbose: boolean;
  readonly executor: ExecutorName | undefined;
}

const searchPath = '/usr/local/bin:/usr/bin:/bin';

/** The version that is meant when none is named. */
export const usualTag = (image: string): string => (['python', 'r'].includes(image) ? 'v2' : 'v1');

/**
 * @example
 * namedImage('python'); // { image: 'python', tag: 'v2' }
 */
export function namedImage(text: string): { readonly image: string; readonly tag: string } | undefined {
  const [, image, tag] = /^([a-z0-9][a-z0-9._/-]*)(?::([A-Za-z0-9_][A-Za-z0-9_.-]*))?$/.exec(text) ?? [];
  return image === undefined ? undefined : { image, tag: tag ?? usualTag(image) };
}

/** @throws CommandFailure with the exit code of the program, or 1 when it can't be started */
export async function runInImage(options: ExecOptions, terminal: Terminal): Promise<void> {
  const named = namedImage(options.image);
  if (!named) throw new CommandFailure(1, [problem('exec-image-wrong', [options.image])]);
  if (named.image === 'ehrql') {
    const { main } = await import('../../main.js');
    return endWith(await main(['ehrql', ...options.words], terminal));
  }
  const owner = `glovebox-exec-${process.pid}`;
  const executor = await openExecutor(options.executor, owner);
  if (executor.refusal) throw new ProblemError(executor.refusal);
  const command = await commandFor(named, options, executor);
  if (options.isVerbose) {
    const where = command.image ?? 'programs of this machine';
    terminal.error(`${executor.name}, ${where}: ${command.argv.join(' ')}\n`);
  }
  const { user } = options;
  endWith(
    executor.name === 'docker'
      ? await attachDocker(command, { owner, socketPath: dockerSocket(), ...(user ? { user } : {}) })
      : await attachBubblewrap(command, user),
  );
}

function endWith(exitCode: number): void {
  if (exitCode !== 0) throw new CommandFailure(exitCode, []);
}

async function commandFor(
  { image, tag }: { readonly image: string; readonly tag: string },
  { words, entrypoint, env, memoryBytes, processors }: ExecOptions,
  executor: Executor,
): Promise<ConfinedCommand> {
  const name = `${image}:${tag}`;
  const standIn = (await executor.standInsFor([{ image, tag }])).get(name);
  if (!standIn) {
    const known = ['ehrql', ...Object.keys(defaultRuntimes)];
    throw new CommandFailure(1, [
      executor.name === 'docker'
        ? problem('exec-image-not-pulled', [name, imagePrefix()])
        : problem('exec-image-unknown', [name, executor.name, known]),
    ]);
  }
  const { runtime } = standIn;
  const isImage = typeof runtime !== 'string';
  const program = isImage ? runtime.program : runtime;
  const folder = process.cwd();
  return {
    argv: entrypoint === undefined ? argvOf(program, words, isImage) : [entrypoint, ...words],
    ...(isImage ? { image: runtime.image } : {}),
    cwd: '/workspace',
    env: {
      HOME: '/tmp',
      LANG: 'C.UTF-8',
      TERM: process.env['TERM'] ?? 'dumb',
      OPENSAFELY_BACKEND: 'expectations',
      ...(isImage ? {} : { PATH: searchPath }),
      ...licenceFor(image),
      ...env,
    },
    mounts: [...executor.sandbox.systemMounts(), { from: folder, to: '/workspace', access: 'write' }],
    limits: {
      memoryBytes,
      processes: 512,
      fileBytes: 16 * 2 ** 30,
      ...(processors === undefined ? {} : { processors }),
    },
  };
}

/** As in the images that studies were written for: a program that is there is started, otherwise the interpreter gets the words. */
function argvOf(program: string, words: readonly string[], isImage: boolean): readonly [string, ...string[]] {
  const [first, ...rest] = words;
  // Rscript needs a script; what there is to type into is beside it.
  if (first === undefined) return [program.endsWith('/Rscript') ? join(dirname(program), 'R') : program];
  // Machines have no program called just python.
  if (!isImage && first === 'python' && program.includes('python')) return [program, ...rest];
  const isPlain = /^[A-Za-z0-9_][A-Za-z0-9_.+-]*$/.test(first) && !existsSync(first);
  const isOwnStart = isImage && !Object.values(defaultRuntimes).includes(program);
  if (!isPlain || isOwnStart) return [program, ...words];
  if (isImage) return [first, ...rest];
  const found = searchPath
    .split(':')
    .map((folder) => join(folder, first))
    .find((path) => existsSync(path));
  return found === undefined ? [program, ...words] : [found, ...rest];
}
