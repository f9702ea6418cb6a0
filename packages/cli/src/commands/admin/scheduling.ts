// `glovebox admin backend scheduling BACKEND [FILE]`: shows how large a backend's pools are and what actions take up of them, or
// sets that to what a file says. What is shown can be kept in a file, changed, and given back.
import { CommandFailure, type Terminal } from '../../command-line.js';
import { readStudyFile } from '../pipeline/study-file.js';
import type { BackendOptions } from './backend.js';
import { problem } from './problems.js';
import { openSite } from './site.js';

interface Answer {
  readonly status: { readonly scheduling: object };
  /** What of it will not do what it seems to say. */
  readonly notes?: readonly string[];
}

/**
 * @param file JSON; undefined only shows
 * @throws CommandFailure with exit code 1 and what the site refuses of it
 */
export async function backendScheduling(
  backend: string,
  file: string | undefined,
  options: BackendOptions,
  terminal: Terminal,
): Promise<void> {
  const wanted = file === undefined ? undefined : await readJson(file);
  const site = await openSite(options);
  const path = `/api/backends/${encodeURIComponent(backend)}`;
  const answer = (await (wanted === undefined
    ? site.ask('GET', `${path}/status`)
    : site.ask('PUT', `${path}/scheduling`, wanted))) as Answer;
  for (const note of answer.notes ?? []) terminal.error(`note: ${note}\n`);
  terminal.out(`${JSON.stringify(options.json ? answer : answer.status.scheduling, null, 2)}\n`);
}

async function readJson(file: string): Promise<object> {
  const text = await readStudyFile(file);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new CommandFailure(1, [problem('admin-scheduling-wrong', [file])]);
}
