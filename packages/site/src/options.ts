// The site's command line. Secrets never stand here: the address of a database server comes from the environment.
import { isAbsolute, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { allowedImages } from '@glovebox/pipeline';
import type { AllowedRepositories } from '@glovebox/repository';

export interface SiteOptions {
  readonly data: string;
  readonly port: number;
  readonly host: string;
  readonly allowed: AllowedRepositories;
  readonly leaseSeconds: number;
  /** Images that actions may name. */
  readonly images: readonly string[];
  /** Where the repositories of reusable actions are; null where there are none. */
  readonly reusableActions: string | null;
}

export const usage = `usage: main.js --data DIR [--port N] [--host 127.0.0.1] [--allow-repository PREFIX]... [--lease-seconds N]
               [--allow-image NAME]... [--reusable-actions BASE]
  --allow-repository  https://HOST/ORGANISATION/ or a folder of this machine; none are allowed without it
  --allow-image       an image that actions may name; the usual ones without it
  --reusable-actions  https://HOST/ORGANISATION/ or a folder of repositories; other images are looked for there
  GLOVEBOX_DATABASE_URL in the environment names a PostgreSQL server instead of the embedded database`;

function allowedFrom(prefixes: readonly string[]): AllowedRepositories {
  const addresses: string[] = [];
  const localFolders: string[] = [];
  for (const prefix of prefixes) {
    if (prefix.startsWith('https://')) addresses.push(prefix.endsWith('/') ? prefix : `${prefix}/`);
    else if (isAbsolute(prefix)) localFolders.push(prefix);
    else throw new Error(`--allow-repository ${prefix}: an https address or an absolute path would be accepted`);
  }
  return { addresses, localFolders };
}

function baseFrom(base: string | undefined): string | null {
  if (base === undefined || base.startsWith('https://') || isAbsolute(base)) return base ?? null;
  throw new Error(`--reusable-actions ${base}: an https address or an absolute path would be accepted`);
}

function numberFrom(text: string, name: string, least: number, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Error(`--${name} ${text}: a whole number from ${least} to ${most} would be accepted`);
}

/** Throws an Error whose message is meant for whoever typed the command. */
export function readOptions(argv: readonly string[]): SiteOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      data: { type: 'string' },
      port: { type: 'string', default: '8000' },
      host: { type: 'string', default: '127.0.0.1' },
      'allow-repository': { type: 'string', multiple: true, default: [] },
      'allow-image': { type: 'string', multiple: true, default: [...allowedImages] },
      'reusable-actions': { type: 'string' },
      'lease-seconds': { type: 'string', default: '15' },
    },
  });
  if (values.data === undefined) throw new Error('--data DIR is missing');
  return {
    data: resolve(values.data),
    port: numberFrom(values.port, 'port', 0, 65_535),
    host: values.host,
    allowed: allowedFrom(values['allow-repository']),
    images: values['allow-image'],
    reusableActions: baseFrom(values['reusable-actions']),
    leaseSeconds: numberFrom(values['lease-seconds'], 'lease-seconds', 1, 3600),
  };
}
