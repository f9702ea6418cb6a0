// Calls a site's API as a member of its staff. The token comes from a file and goes nowhere but to that site: redirects are
// refused, and so is a plain connection to another machine.
import { readFile, stat } from 'node:fs/promises';
import type { Problem } from '@glovebox/record';
import { CommandFailure } from '../../command-line.js';
import { problem } from './problems.js';

export interface SiteOptions {
  readonly site?: string;
  readonly tokenFile?: string;
}

export interface Site {
  /** @throws CommandFailure with what the site refused, or when it does not answer */
  readonly ask: (method: 'GET' | 'POST' | 'PUT', path: string, body?: object) => Promise<unknown>;
}

const timeLimit = 30_000;
const isLoopback = (host: string): boolean => ['localhost', '127.0.0.1', '[::1]'].includes(host);

/** @throws CommandFailure when the site or the token is not there */
export async function openSite(options: SiteOptions): Promise<Site> {
  const site = originOf(options.site ?? process.env['GLOVEBOX_SITE']);
  const token = await readToken(options.tokenFile ?? process.env['GLOVEBOX_TOKEN_FILE']);
  return {
    async ask(method, path, body) {
      const { status, answer } = await call(site, path, {
        method,
        redirect: 'error',
        headers: { authorization: `Bearer ${token}`, accept: 'application/json', 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(timeLimit),
      });
      const problems = problemsIn(answer);
      if (problems.length > 0) throw new CommandFailure(1, problems);
      if (answer === undefined || status >= 400) throw failure('admin-answer-odd', [site, status]);
      return answer;
    },
  };
}

const failure: (...words: Parameters<typeof problem>) => CommandFailure = (...words) =>
  new CommandFailure(1, [problem(...words)]);

function originOf(text: string | undefined): string {
  if (text === undefined || text === '') throw failure('admin-site-unnamed', []);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
  if (!url || !isSafe || url.username !== '' || url.pathname !== '/') throw failure('admin-site-wrong', [text]);
  return url.origin;
}

async function readToken(file: string | undefined): Promise<string> {
  if (file === undefined || file === '') throw failure('admin-token-unnamed', []);
  const text = await readFile(file, 'utf8').catch(() => '');
  const token = text.trim();
  if (!/^[\x21-\x7e]+$/.test(token)) throw failure('admin-token-unreadable', [file]);
  if (((await stat(file)).mode & 0o077) !== 0) throw failure('admin-token-open', [file]);
  return token;
}

async function call(
  site: string,
  path: string,
  init: RequestInit,
): Promise<{ readonly status: number; readonly answer: unknown }> {
  try {
    const response = await fetch(site + path, init);
    const text = await response.text();
    return { status: response.status, answer: parsed(text) };
  } catch (error) {
    const { name, message, cause } = error as Error;
    const code = (cause as NodeJS.ErrnoException | undefined)?.code;
    const reason = name === 'TimeoutError' ? `no answer within ${timeLimit / 1000} seconds` : (code ?? message);
    throw failure('admin-site-unreachable', [site, reason]);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What the site says is wrong; its words are shown as they are, without control characters. */
function problemsIn(answer: unknown): Problem[] {
  const list = (answer as { problems?: unknown } | undefined)?.problems;
  if (!Array.isArray(list)) return [];
  return list.flatMap((found: { code?: unknown; message?: unknown; hint?: unknown } | null) =>
    typeof found?.message === 'string'
      ? [
          {
            code: typeof found.code === 'string' ? found.code : 'refused',
            message: plain(found.message),
            ...(typeof found.hint === 'string' ? { hint: plain(found.hint) } : {}),
          },
        ]
      : [],
  );
}

const plain = (text: string): string => text.replace(/[^\P{Cc}\n\t]/gu, '');
