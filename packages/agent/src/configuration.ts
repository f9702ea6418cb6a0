// The agent's configuration file. Unknown keys are refused, because a misspelt limit would otherwise be no limit.
import { readFile } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { ProblemError, type Limits, type Problem } from '@glovebox/record';
import { defaultOutputLimits, defaultRuntimes, type OutputLimits, type Runtimes } from '@glovebox/execution';
import type { Executor } from './executor.js';
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
  readonly database: {
    readonly path: string;
    readonly release: string;
    /** While this file exists the database is being maintained, and nothing that queries it is run. */
    readonly maintenanceFile?: string;
  } | null;
  /** The glovebox command, which extracts data. */
  readonly glovebox: string;
  readonly allowedAddresses: readonly string[];
  readonly allowedFolders: readonly string[];
  readonly limits: Limits;
  readonly places: Places;
  readonly executor: Executor;
  readonly runtimes: Runtimes;
  /** Workspace to the repository that it belongs to, where that is not the first one that a job of it named. */
  readonly workspaces: Readonly<Record<string, string>>;
  readonly outputLimits: OutputLimits;
  /** What actions read in OPENSAFELY_BACKEND. */
  readonly backend: string;
}

const defaults = {
  limits: { memoryBytes: 4 * 2 ** 30, processes: 512, fileBytes: 64 * 2 ** 30, wallSeconds: 24 * 3600 },
  places: { database: 2, other: 2 },
  docker: { socket: '/var/run/docker.sock', processors: 2 },
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
    path: (fields: Fields, key: string, otherwise?: string) =>
      read(fields, key, 'an absolute path', (v) => (typeof v === 'string' && isAbsolute(v) ? v : undefined), otherwise),
    number: (fields: Fields, key: string, otherwise: number, least = 0) =>
      read(
        fields,
        key,
        `a whole number from ${least}`,
        (v) => (Number.isSafeInteger(v) && (v as number) >= least ? (v as number) : undefined),
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
    images: (fields: Fields, key: string) =>
      read(fields, key, 'an object with at least one image', (v) =>
        isFields(v) && Object.keys(v).length > 0 ? v : undefined,
      ),
    refuseAny(fields: Fields, others: readonly string[]): void {
      for (const key of others)
        if (fields[key] !== undefined) problems.push(problem('configuration-key-useless', [key]));
    },
    fields: (fields: Fields, key: string, otherwise?: Fields) =>
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
  'executor',
  'images',
  'docker',
  'runtimes',
  'backend',
  'workspaces',
  'outputs',
];

type Reader = ReturnType<typeof reader>;

/** The executor, with what stands for each image that studies name: only one of `runtimes` and `images` means anything. */
function readExecutor(document: Fields, read: Reader): Pick<Configuration, 'executor' | 'runtimes'> {
  const kind = read.text(document, 'executor', '"bubblewrap" or "docker"', /^(?:bubblewrap|docker)$/, 'bubblewrap');
  if (kind !== 'docker') {
    read.refuseAny(document, ['images', 'docker']);
    const runtimes = read.fields(document, 'runtimes', defaultRuntimes);
    return { executor: { kind: 'bubblewrap' }, runtimes: mapFields(runtimes, (image) => read.path(runtimes, image)) };
  }
  read.refuseAny(document, ['runtimes']);
  const docker = read.fields(document, 'docker', {});
  read.refuseOthers(docker, Object.keys(defaults.docker), 'docker.');
  const images = read.images(document, 'images');
  return {
    executor: {
      kind,
      socketPath: read.path(docker, 'socket', defaults.docker.socket),
      processors: read.number(docker, 'processors', defaults.docker.processors, 1),
    },
    runtimes: mapFields(images ?? {}, (name) => {
      const image = read.fields(images, name);
      read.refuseOthers(image ?? {}, ['name', 'digest', 'program'], `images.${name}.`);
      const usual = defaultRuntimes[name.split(':')[0] ?? ''];
      const local = read.text(image ?? {}, 'name', 'the name of an image without its tag', /^[a-z0-9][a-z0-9._:/-]*$/);
      const digest = read.text(image ?? {}, 'digest', 'sha256: and 64 hexadecimal digits', /^sha256:[0-9a-f]{64}$/);
      return { image: `${local}@${digest}`, program: read.path(image ?? {}, 'program', usual) };
    }),
  };
}

const mapFields = <T>(fields: Fields, of: (key: string) => T): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.keys(fields).map((key) => [key, of(key)]));

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
  read.refuseOthers(database, ['path', 'release', 'maintenanceFile'], 'database.');
  const limits = read.fields(document, 'limits', {});
  read.refuseOthers(limits, Object.keys(defaults.limits), 'limits.');
  const places = read.fields(document, 'places', {});
  read.refuseOthers(places, Object.keys(defaults.places), 'places.');
  const outputs = read.fields(document, 'outputs', {});
  read.refuseOthers(outputs, Object.keys(defaultOutputLimits), 'outputs.');
  const workspaces = read.fields(document, 'workspaces', {});
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
            ...(database['maintenanceFile'] === undefined
              ? {}
              : { maintenanceFile: read.path(database, 'maintenanceFile') }),
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
    ...readExecutor(document, read),
    workspaces: mapFields(workspaces, (name) => read.text(workspaces, name, 'the address of its repository', /^\S+$/)),
    outputLimits: {
      files: read.number(outputs, 'files', defaultOutputLimits.files),
      bytes: read.number(outputs, 'bytes', defaultOutputLimits.bytes),
    },
    backend: read.text(document, 'backend', 'the name of the backend', /^[a-z0-9-]{1,100}$/, 'glovebox'),
  };
  const token = await readFile(tokenFile ?? '', 'utf8').catch(() => '');
  if (token.trim() === '') problems.push(problem('token-unreadable', [tokenFile ?? '']));
  if (problems.length > 0) throw new ProblemError(problems);
  return { ...configuration, site: configuration.site.replace(/\/$/, ''), token: token.trim() };
}
