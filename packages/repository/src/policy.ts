// Decides whether an address names a repository that may be read. Denied unless a rule allows it: an address with
// credentials, a query, another protocol or `..` never passes, and a local folder only when it lies inside a folder that
// the configuration lists (links resolved), because git would otherwise read any folder of the machine for whoever asks.
import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ProblemError } from '@glovebox/record';
import { problem } from './problems.js';

export interface AllowedRepositories {
  /** Beginnings of addresses, each ending in `/`, for example `https://github.com/opensafely/`. */
  readonly addresses: readonly string[];
  /** Folders of this machine whose repositories may be read; empty where no local repository is wanted. */
  readonly localFolders: readonly string[];
}

/** What git is given: an address, or the resolved path of a local repository. */
export interface Remote {
  readonly kind: 'https' | 'local';
  readonly url: string;
}

export const isInside = (root: string, path: string): boolean => {
  const step = relative(root, path);
  return step === '' || (step !== '..' && !step.startsWith(`..${sep}`) && !isAbsolute(step));
};

/**
 * Checks an address against what is allowed.
 *
 * @throws ProblemError `repository-address-wrong` or `repository-not-allowed`
 */
export async function allowRemote(url: string, allowed: AllowedRepositories): Promise<Remote> {
  if (isAbsolute(url)) return allowLocal(url, url, allowed);
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw new ProblemError(problem('repository-address-wrong', [url]));
  }
  if (parsed.protocol === 'file:') {
    if (parsed.host !== '') throw new ProblemError(problem('repository-address-wrong', [url]));
    return allowLocal(url, fileURLToPath(parsed), allowed);
  }
  const isPlain =
    parsed.protocol === 'https:' && !parsed.username && !parsed.password && !parsed.search && !parsed.hash;
  const segments = parsed.pathname.replace(/\/$/, '').split('/').slice(1);
  const areSegmentsPlain = segments.length >= 2 && segments.every((s) => /^[\w.-]+$/.test(s) && !/^[.-]/.test(s));
  if (!isPlain || !areSegmentsPlain) throw new ProblemError(problem('repository-address-wrong', [redacted(parsed)]));
  const address = `${parsed.origin}/${segments.join('/')}`;
  if (!allowed.addresses.some((start) => start.endsWith('/') && address.startsWith(start))) {
    throw new ProblemError(problem('repository-not-allowed', [address]));
  }
  return { kind: 'https', url: address };
}

async function allowLocal(shown: string, path: string, allowed: AllowedRepositories): Promise<Remote> {
  for (const folder of allowed.localFolders) {
    try {
      const resolved = await realpath(path);
      if (isInside(await realpath(folder), resolved)) return { kind: 'local', url: resolved };
    } catch {
      // A path that does not exist is refused like one that is not allowed, so that nobody can probe for folders.
    }
  }
  throw new ProblemError(problem('repository-not-allowed', [shown]));
}

/** The address without its user and password, which must never be repeated in a message. */
function redacted(url: URL): string {
  const copy = new URL(url);
  copy.username = '';
  copy.password = '';
  return copy.href;
}
