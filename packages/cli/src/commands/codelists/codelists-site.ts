// Talks to an OpenCodelists site. Every call has a time limit and every answer a size limit; redirects go wherever the site says,
// as no secret goes along.
import { CommandFailure } from '../../command-line.js';
import { codelistOf, type Codelist } from '@glovebox/pipeline';
import { problem } from './problems.js';

const timeLimit = 30_000;
const mostBytes = 64 * 2 ** 20;

const headers = (): Record<string, string> => ({
  'user-agent': `glovebox${process.env['GITHUB_WORKFLOW'] === undefined ? '' : ' (GitHub CI)'}`,
});
const base = (site: string): string => site.replace(/\/+$/, '');

export const addressOf = (site: string, { id }: Codelist): string => `${base(site)}/codelist/${id}/`;

/**
 * The codelist that an address of the site stands for; anchors, queries and the address of the download are understood.
 *
 * @throws CommandFailure when it is something else
 */
export function codelistAt(url: string, site: string): Codelist {
  const start = `${base(site)}/codelist/`;
  const path = url
    .trim()
    .replace(/[?#].*$/s, '')
    .replace(/\/download\.csv$/, '/');
  const codelist = path.startsWith(start) ? codelistOf(path.slice(start.length)) : undefined;
  if (!codelist) throw new CommandFailure(1, [problem('codelist-address-wrong', [url, base(site)])]);
  return codelist;
}

/** @throws CommandFailure when there is no CSV file to be had */
export async function downloadCodelist(site: string, codelist: Codelist): Promise<string> {
  const page = addressOf(site, codelist);
  const url = `${page}download.csv`;
  let response: Response;
  let body: Buffer;
  try {
    response = await fetch(url, { headers: headers(), signal: AbortSignal.timeout(timeLimit) });
    body = await bodyOf(response);
  } catch (error) {
    throw new CommandFailure(1, [problem('codelist-download-failed', [url, reasonOf(error)])]);
  }
  const type = response.headers.get('content-type') ?? '';
  if (response.ok && /^text\/csv\s*(;|$)/i.test(type)) return textOf(body, url);
  if (/\bdraft\b/i.test(body.toString('latin1'))) throw new CommandFailure(1, [problem('codelist-draft', [page])]);
  if (response.ok || response.status === 404) throw new CommandFailure(1, [problem('codelist-not-found', [page])]);
  throw new CommandFailure(1, [problem('codelist-download-failed', [url, `the site answered ${response.status}`])]);
}

function textOf(body: Buffer, url: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    throw new CommandFailure(1, [problem('codelist-download-failed', [url, 'it is not a text in UTF-8'])]);
  }
}

async function bodyOf(response: Response): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += (chunk as Uint8Array).length;
    if (bytes > mostBytes) throw new Error(`the answer is longer than ${mostBytes / 2 ** 20} MiB`);
    chunks.push(Buffer.from(chunk as Uint8Array));
  }
  return Buffer.concat(chunks);
}

/** In words, without a stack. */
function reasonOf(error: unknown): string {
  const { name, message, cause } = error as Error;
  if (name === 'TimeoutError') return `no answer within ${timeLimit / 1000} seconds`;
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  return code === undefined ? message : `${message} (${code})`;
}

export interface UpstreamAnswer {
  readonly status: 'ok' | 'error';
  readonly error?: string;
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
}

const names = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

/** Asks the site whether it would give the same files today. @returns undefined when it can't be asked */
export async function askUpstream(site: string, list: string, manifest: string): Promise<UpstreamAnswer | undefined> {
  try {
    const response = await fetch(`${base(site)}/api/v1/check/`, {
      method: 'POST',
      headers: headers(),
      body: new URLSearchParams({ codelists: list, manifest }),
      signal: AbortSignal.timeout(timeLimit),
    });
    const answer = JSON.parse((await bodyOf(response)).toString()) as {
      status?: unknown;
      data?: Record<string, unknown>;
    };
    if (answer.status !== 'ok' && answer.status !== 'error') return undefined;
    const { error, added, removed, changed } = answer.data ?? {};
    return {
      status: answer.status,
      ...(typeof error === 'string' ? { error } : {}),
      added: names(added),
      removed: names(removed),
      changed: names(changed),
    };
  } catch {
    return undefined;
  }
}
