// `glovebox exec`: runs one program as an action of this folder would run it, on this terminal.
import { Command, InvalidArgumentError } from 'commander';
import type { Terminal } from '../../command-line.js';
import type { ExecutorName } from '../run/executor.js';
import type { User } from './run-in-image.js';
import { executorOption } from '../run/index.js';
import { memorySize, positiveNumber } from '../run/sizes.js';

interface Options {
  entrypoint?: string;
  env: Readonly<Record<string, string>>;
  user?: User | 'usual';
  memory: number;
  cpus?: number;
  verbose?: true;
  executor?: ExecutorName;
}

/** `NAME=VALUE`, or `NAME` for the value that it has here. */
function variable(text: string, before: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)(?:=(.*))?$/s.exec(text) ?? [];
  if (name === undefined) throw new InvalidArgumentError('NAME=VALUE, or NAME for the value it has here, is accepted.');
  const given = value ?? process.env[name];
  return given === undefined ? before : { ...before, [name]: given };
}

/** `1000`, `1000:100`, or a word for the usual user. */
function userOf(text: string): User | 'usual' {
  if (/^(none|no|false)$/i.test(text)) return 'usual';
  const [, uid, gid = uid] = /^(\d{1,9})(?::(\d{1,9}))?$/.exec(text) ?? [];
  if (uid === undefined) throw new InvalidArgumentError('A number, two as UID:GID, or none is accepted.');
  return { uid: Number(uid), gid: Number(gid) };
}

export function execCommand(terminal: Terminal): Command {
  return new Command('exec')
    .description('Run a program in an image, in this folder and confined as an action is, on this terminal.')
    .argument('<IMAGE>', 'image and version, such as python:v2')
    .argument('[ARGS...]', 'a program or a script with its arguments; without them an interpreter to type into')
    .passThroughOptions()
    .option('--entrypoint <PROGRAM>', 'the program to start in place of the interpreter of the image')
    .option('-e, --env <NAME=VALUE>', 'set a variable; can be given again', variable, {})
    .option('-u, --user <UID[:GID]>', 'who the program is inside, by number; none for the usual user', userOf)
    .option('-m, --memory <SIZE>', 'memory that it may use', memorySize, memorySize('4G'))
    .option('--cpu, --cpus <N>', 'processors that it may use (default: all)', positiveNumber)
    .option('-v, --verbose', 'say what is started')
    .addOption(executorOption())
    .action(async (image: string, words: string[], options: Options) => {
      const { runInImage } = await import('./run-in-image.js');
      await runInImage(
        {
          image,
          words,
          entrypoint: options.entrypoint,
          env: options.env,
          user: options.user === 'usual' ? undefined : options.user,
          memoryBytes: options.memory,
          processors: options.cpus,
          isVerbose: options.verbose ?? false,
          executor: options.executor,
        },
        terminal,
      );
    });
}
