// The agent's configuration file. Unknown keys are refused, because a misspelt limit would otherwise be no limit.
import { readFile } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { ProblemError, type Limits, type Problem } from '@glovebox/record';
import { defaultRuntimes, type Runtimes } from '@glovebox/execution';
import { problem } from './problems.js';

export interface Places {
  /** How many actions may query the database at once. */
  readonly database: number;
  readonly other: number;
}

export interface Configuration {
  /** The site's address, without a path. */
  readonly site: string;
  readonly token: string;
  readonly dataFolder: string;
  /** null on a backend whose actions query no database. */
  readonly database: { readonly path: string; readonly release: string } | null;
  /** The glovebox command, which extracts data. */
  readonly glovebox: string;
  readonly allowedAddresses: readonly string[];
  readonly allowedFolders: readonly string[];
  readonly limits: Limits;
  readonly places: Places;
  readonly runtimes: Runtimes;
  /** What actions read in OPENSAFELY_BACKEND. */
  readonly backend: string;
}

const defaults = {
  limits: { memoryBytes: 4 * 2 ** 30, processes: 512, fileBytes: 64 * 2 ** 30, wallSeconds: 24 * 3600 },
  places: { database: 2, other: 2 },
};

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function reader(problems: Problem[]) {
  function read<T>(
    fields: Fields,
    key: string,
    accepted: string,
    parse: (value: unknown) => T | undefined,
    otherwise?: T,
  ): T {
    const value = fields[key];
    const parsed = value === undefined ? otherwise : parse(value);
    if (parsed === undefined) problems.push(problem('configuration-wrong', [key, accepted]));
    return parsed as T;
  }
  return {
    refuseOthers(fields: Fields, known: readonly string[], path = ''): void {
      for (const key of Object.keys(fields)) {
        if (!known.includes(key)) problems.push(problem('configuration-key-unknown', [path + key]));
      }
    },
    text: (fields: Fields, key: string, accepted: string, pattern: RegExp, otherwise?: string) =>
      read(fields, key, accepted, (v) => (typeof v === 'string' && pattern.test(v) ? v : undefined), otherwise),
    path: (fields: Fields, key: string) =>
      read(fields, key, 'an absolute path', (v) => (typeof v === 'string' && isAbsolute(v) ? v : undefined)),
    number: (fields: Fields, key: string, otherwise: number) =>
      read(
        fields,
        key,
        'a whole number from 0',
        (v) => (Number.isSafeInteger(v) && (v as number) >= 0 ? (v as number) : undefined),
        otherwise,
      ),
    texts: (fields: Fields, key: string, otherwise: readonly string[]) =>
      read(
        fields,
        key,
        'a list of texts',
        (v) => (Array.isArray(v) && v.every((x) => typeof x === 'string') ? v : undefined),
        otherwise,
      ),
    fields: (fields: Fields, key: string, otherwise: Fields) =>
      read(fields, key, 'an object', (v) => (isFields(v) ? v : undefined), otherwise),
  };
}

const keys = [
  'site',
  'tokenFile',
  'dataFolder',
  'database',
  'glovebox',
  'allowedRepositories',
  'limits',
  'places',
  'runtimes',
  'backend',
];

/** @throws ProblemError with everything that is wrong with it */
export async function readConfiguration(path: string): Promise<Configuration> {
  let document: unknown;
  try {
    document = JSON.parse(await readFile(path, 'utf8'));
  } catch {
    document = undefined;
  }
  if (!isFields(document)) throw new ProblemError(problem('configuration-unreadable', [path]));

  const problems: Problem[] = [];
  const read = reader(problems);
  read.refuseOthers(document, keys);
  const tokenFile = read.path(document, 'tokenFile');
  const database = read.fields(document, 'database', {});
  read.refuseOthers(database, ['path', 'release'], 'database.');
  const limits = read.fields(document, 'limits', {});
  read.refuseOthers(limits, Object.keys(defaults.limits), 'limits.');
  const places = read.fields(document, 'places', {});
  read.refuseOthers(places, Object.keys(defaults.places), 'places.');
  const runtimes = read.fields(document, 'runtimes', defaultRuntimes);
  const repositories = read.texts(document, 'allowedRepositories', []);
  const configuration = {
    site: read.text(document, 'site', 'an address such as https://jobs.example.org', /^https?:\/\/[^/]+\/?$/),
    dataFolder: read.path(document, 'dataFolder'),
    database:
      document['database'] === undefined
        ? null
        : {
            path: read.path(database, 'path'),
            release: read.text(
              database,
              'release',
              'lower-case letters, digits, dots and hyphens',
              /^[a-z0-9.-]{1,64}$/,
            ),
          },
    glovebox: read.path(document, 'glovebox'),
    allowedAddresses: repositories.filter((r) => !isAbsolute(r)),
    allowedFolders: repositories.filter((r) => isAbsolute(r)),
    limits: {
      memoryBytes: read.number(limits, 'memoryBytes', defaults.limits.memoryBytes),
      processes: read.number(limits, 'processes', defaults.limits.processes),
      fileBytes: read.number(limits, 'fileBytes', defaults.limits.fileBytes),
      wallSeconds: read.number(limits, 'wallSeconds', defaults.limits.wallSeconds),
    },
    places: {
      database: read.number(places, 'database', defaults.places.database),
      other: read.number(places, 'other', defaults.places.other),
    },
    runtimes: Object.fromEntries(Object.keys(runtimes).map((image) => [image, read.path(runtimes, image)])),
    backend: read.text(document, 'backend', 'the name of the backend', /^[a-z0-9-]{1,100}$/, 'glovebox'),
  };
  const token = await readFile(tokenFile ?? '', 'utf8').catch(() => '');
  if (token.trim() === '') problems.push(problem('token-unreadable', [tokenFile ?? '']));
  if (problems.length > 0) throw new ProblemError(problems);
  return { ...configuration, site: configuration.site.replace(/\/$/, ''), token: token.trim() };
}
