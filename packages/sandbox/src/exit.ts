// Reads how a command ended from the exit code of the first process of its confinement, which passes on 128 and the number
// of the signal when a signal ended the command.
import { constants } from 'node:os';

/** The name of the signal that an exit code stands for. */
export function signalOf(exitCode: number): string | undefined {
  if (exitCode <= 128 || exitCode > 128 + 64) return undefined;
  const number = exitCode - 128;
  return Object.entries(constants.signals).find(([, value]) => value === number)?.[0] ?? `signal ${number}`;
}
