// The command line: finds the command group by its first word and loads only that, so that a small command starts fast.
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { nearestName, ProblemError, renderProblem } from '@glovebox/record';
import { CommandFailure, processTerminal, type Terminal } from './command-line.js';
import { systemProblem } from './system-problems.js';

interface Group {
  readonly summary: string;
  readonly load: (terminal: Terminal) => Promise<Command>;
}

/** Every command group, in the order that help lists them. */
export const groups: Readonly<Record<string, Group>> = {
  up: {
    summary: 'run the whole platform on this machine',
    load: async (t) => (await import('./commands/up/index.js')).upCommand(t),
  },
  run: {
    summary: 'run actions of a study here, on dummy data',
    load: async (t) => (await import('./commands/run/index.js')).runCommand(t),
  },
  exec: {
    summary: 'run a program as an action is run, on this terminal',
    load: async (t) => (await import('./commands/exec/index.js')).execCommand(t),
  },
  plan: {
    summary: 'say what would run and why',
    load: async (t) => (await import('./commands/plan/index.js')).planCommand(t),
  },
  init: {
    summary: 'write a small study to begin with',
    load: async (t) => (await import('./commands/init/index.js')).initCommand(t),
  },
  codelists: {
    summary: 'add, update and check the codelists of a study',
    load: async (t) => (await import('./commands/codelists/index.js')).codelistsCommand(t),
  },
  clean: {
    summary: 'remove what runs of a study left behind',
    load: async (t) => (await import('./commands/clean/index.js')).cleanCommand(t),
  },
  pull: {
    summary: 'fetch images for Docker',
    load: async (t) => (await import('./commands/pull/index.js')).pullCommand(t),
  },
  unzip: {
    summary: 'unpack compressed outputs to look at them',
    load: async (t) => (await import('./commands/unzip/index.js')).unzipCommand(t),
  },
  info: {
    summary: 'say what is installed and what of it works',
    load: async (t) => (await import('./commands/info/index.js')).infoCommand(t),
  },
  pipeline: {
    summary: 'check or draw a project.yaml',
    load: async (t) => (await import('./commands/pipeline/index.js')).pipelineCommand(t),
  },
  ehrql: {
    summary: 'evaluate and run ehrQL definitions',
    load: async (t) => (await import('./commands/ehrql/index.js')).ehrqlCommand(t),
  },
  admin: {
    summary: "operate a site's backends, for its staff",
    load: async (t) => (await import('./commands/admin/index.js')).adminCommand(t),
  },
  agent: {
    summary: 'look into the folder of an agent, beside the data',
    load: async (t) => (await import('./commands/agent/index.js')).agentCommand(t),
  },
  synth: {
    summary: 'make a synthetic database',
    load: async (t) => (await import('./commands/synth/index.js')).synthCommand(t),
  },
};

function help(): string {
  const width = Math.max(...Object.keys(groups).map((name) => name.length));
  const lines = Object.entries(groups).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  return `Usage: glovebox COMMAND ...\n\nCommands:\n${lines.join('\n')}\n\n\`glovebox COMMAND --help\` says more about each.\n`;
}

function version(): string {
  const file = new URL('../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

/**
 * Runs one command line.
 * @param args the words after `glovebox`
 * @returns the exit code: 0 done, 1 failed, 2 wrong usage; ehrQL's own codes for its commands
 */
export async function main(args: readonly string[], terminal: Terminal = processTerminal): Promise<number> {
  const [name, ...rest] = args;
  if (name === '--version' || name === '-V') {
    terminal.out(`${version()}\n`);
    return 0;
  }
  // `help run` is another way to say `run --help`.
  if (name === 'help' && rest.length > 0) return main([...rest, '--help'], terminal);
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    terminal.out(help());
    return 0;
  }
  const group = Object.hasOwn(groups, name) ? groups[name] : undefined;
  if (!group) {
    const meant = nearestName(name, Object.keys(groups));
    const next = Object.hasOwn(elsewhere, name) ? elsewhere[name] : meant && `glovebox ${meant}`;
    terminal.error(`glovebox has no command \`${name}\`.${next === undefined ? '' : ` Next: ${next}`}\n\n${help()}`);
    return 2;
  }
  try {
    const program = new Command('glovebox').enablePositionalOptions().addCommand(await group.load(terminal));
    attach(program, terminal);
    await program.parseAsync(args, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return report(error, terminal);
  }
}

/** Sends what commander prints to the terminal given, and its exits here, for a command and all below it. */
function attach(command: Command, terminal: Terminal, above = ''): void {
  const name = `${above}${command.name()} `;
  command
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.error })
    .showHelpAfterError(`  next: ${name}--help`);
  for (const inner of command.commands) attach(inner, terminal, name);
}

/** Commands of the same trade that people know by these names, and what does it here. */
const elsewhere: Readonly<Record<string, string>> = {
  launch: 'glovebox exec python:v2',
  jupyter: 'glovebox exec python:v2',
  rstudio: 'glovebox exec r:v2',
};

function report(error: unknown, terminal: Terminal): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof CommandFailure) {
    if (error.message !== '') terminal.error(`${error.message}\n`);
    return error.exitCode;
  }
  if (error instanceof ProblemError) {
    terminal.error(`${error.problems.map(renderProblem).join('\n\n')}\n`);
    return 1;
  }
  const refused = systemProblem(error);
  if (refused) {
    terminal.error(`${renderProblem(refused)}\n`);
    return 1;
  }
  throw error;
}
