// `glovebox admin backend ...`: each verb asks the site for one change and says what state the backend is in then.
import { stripVTControlCharacters } from 'node:util';
import type { Terminal } from '../../command-line.js';
import { openSite, type SiteOptions } from './site.js';

export interface BackendOptions extends SiteOptions {
  readonly json?: true;
}

/** What is read of the site's answer; the rest is in `--json`. */
interface Status {
  readonly slug: string;
  readonly name: string;
  readonly lastSeenAt: string | null;
  readonly pausedSince: string | null;
  readonly maintenance: { readonly setting: string; readonly reported: boolean; readonly since: string | null };
  readonly reboot: { readonly isReady: boolean } | null;
  readonly stopping: number;
  readonly pools: Readonly<Record<'database' | 'other', Pool>>;
  readonly openJobs: { readonly pending: number; readonly running: number };
}
interface Pool {
  readonly size: number | null;
  readonly running: number;
  readonly ready: number;
}
interface Answer {
  readonly status: Status;
  readonly changed?: boolean;
  readonly stopped?: number;
}

/** What each verb asks for. */
const calls = {
  status: { method: 'GET', path: 'status' },
  pause: { method: 'POST', path: 'pause' },
  resume: { method: 'POST', path: 'unpause' },
  maintenance: { method: 'POST', path: 'maintenance' },
  reboot: { method: 'POST', path: 'prepare-reboot' },
} as const;
export type BackendVerb = keyof typeof calls;

/**
 * @param body what goes along, for `maintenance`
 * @throws CommandFailure with exit code 1 when the site refuses or does not answer
 */
export async function askBackend(
  verb: BackendVerb,
  backend: string,
  options: BackendOptions,
  terminal: Terminal,
  body?: object,
): Promise<void> {
  const site = await openSite(options);
  const { method, path } = calls[verb];
  const answer = (await site.ask(method, `/api/backends/${encodeURIComponent(backend)}/${path}`, body)) as Answer;
  terminal.out(options.json ? `${JSON.stringify(answer, null, 2)}\n` : textOf(verb, answer));
}

function textOf(verb: BackendVerb, { status, changed, stopped }: Answer): string {
  const { slug, name, lastSeenAt, pausedSince, maintenance, reboot, stopping, pools, openJobs } = status;
  const rows: readonly (readonly [string, string])[] = [
    ['agent', lastSeenAt === null ? 'never heard of' : `last heard of at ${lastSeenAt}`],
    ['paused', pausedSince === null ? 'no' : `since ${pausedSince}`],
    ['maintenance', `${maintenanceWords(maintenance)} (setting: ${maintenance.setting})`],
    ['restart', reboot === null ? 'not prepared' : reboot.isReady ? 'ready' : 'being prepared'],
    ['jobs', `${openJobs.running} running, ${openJobs.pending} waiting${stopping > 0 ? `, ${stopping} stopping` : ''}`],
    ['database', poolWords(pools.database)],
    ['other', poolWords(pools.other)],
  ];
  const width = Math.max(...rows.map(([key]) => key.length));
  const heading = stripVTControlCharacters(`${slug}: ${name}`);
  return [
    ...(changed === false ? ['Nothing changed.\n'] : []),
    ...(stopped === undefined
      ? []
      : [`Stopping ${stopped} job${stopped === 1 ? '' : 's'}; each starts again later.\n`]),
    `${heading}\n`,
    ...rows.map(([key, words]) => `  ${key.padEnd(width)}  ${words}\n`),
    nextOf(verb, status),
  ].join('');
}

const maintenanceWords = ({ since, reported }: Status['maintenance']): string =>
  since === null ? `off${reported ? ', though the agent reports it' : ''}` : `since ${since}`;
const poolWords = ({ size, running, ready }: Pool): string =>
  `${running} running, ${ready} ready, ${size ?? 'an unknown number of'} places`;

function nextOf(verb: BackendVerb, { slug, pausedSince, reboot }: Status): string {
  if (reboot?.isReady) return `\nNext: restart the machine, then: glovebox admin backend resume ${slug}\n`;
  if (reboot) return `\nNext, until it says "ready": glovebox admin backend status ${slug}\n`;
  if (verb === 'pause' && pausedSince !== null) return `\nNext: glovebox admin backend resume ${slug}\n`;
  return '';
}
