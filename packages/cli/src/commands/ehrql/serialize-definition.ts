// `glovebox ehrql serialize-definition`: the query model of a definition as JSON, for other programs.
import type { Terminal } from '../../command-line.js';
import { orExit } from './exit-codes.js';
import { loadDefinition } from './load-definition.js';

export interface SerializeOptions {
  readonly definition: string;
  readonly parameters: readonly string[];
  readonly kind: 'dataset' | 'measures' | 'test' | 'any';
  readonly output?: string;
}

export async function serializeDefinition(options: SerializeOptions, terminal: Terminal): Promise<void> {
  const { definition, parameters, kind, output } = options;
  const { document } = await loadDefinition({ file: definition, args: parameters, kind, isSecure: false }, terminal);
  const text = `${JSON.stringify(document)}\n`;
  if (output === undefined) {
    terminal.out(text);
    return;
  }
  // Loaded only here: programs call this command often, and read what it prints.
  const { writeText } = await import('@glovebox/engines');
  await orExit(() => writeText(text, output));
}
