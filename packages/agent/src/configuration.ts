// The agent's configuration file. Unknown keys are refused, because a misspelt limit would otherwise be no limit.
import { readFile } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { ProblemError, type Limits, type Problem } from '@glovebox/record';
import { defaultOutputLimits, type OutputLimits, type Runtimes } from '@glovebox/execution';
import { isFields, mapFields, reader, type Fields, type Reader } from './configuration-reader.js';
import { readExecutor } from './executor-configuration.js';
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
  /** What Stata's own actions, and no others, read in STATA_LICENSE. */
  readonly stataLicence?: string;
  /** What actions read in OPENSAFELY_BACKEND. */
  readonly backend: string;
}

const defaults = {
  limits: { memoryBytes: 4 * 2 ** 30, processes: 512, fileBytes: 64 * 2 ** 30, wallSeconds: 24 * 3600 },
  places: { database: 2, other: 2 },
  /** Of an allocation, where the limits name no number; an action on this machine may use all of it. */
  slurmProcessors: 2,
};

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
  'slurm',
  'runtimes',
  'stataLicenceFile',
  'backend',
  'workspaces',
  'outputs',
];

function readLimits(document: Fields, read: Reader, executor: Executor): Limits {
  const limits = read.fields(document, 'limits', {}) ?? {};
  read.refuseOthers(limits, [...Object.keys(defaults.limits), 'cpuSeconds', 'processors'], 'limits.');
  const { memoryBytes, processes, fileBytes, wallSeconds } = defaults.limits;
  const processors = limits['processors'] === undefined && executor.kind !== 'slurm';
  return {
    memoryBytes: read.number(limits, 'memoryBytes', memoryBytes),
    processes: read.number(limits, 'processes', processes),
    fileBytes: read.number(limits, 'fileBytes', fileBytes),
    wallSeconds: read.number(limits, 'wallSeconds', wallSeconds),
    ...(limits['cpuSeconds'] === undefined ? {} : { cpuSeconds: read.number(limits, 'cpuSeconds', 1, 1) }),
    ...(processors ? {} : { processors: read.number(limits, 'processors', defaults.slurmProcessors, 1) }),
  };
}

/** What runs Stata is of no use without a licence, and would fail only when a job comes. */
async function readLicence(document: Fields, read: Reader, runtimes: Runtimes, problems: Problem[]) {
  const isOffered = Object.keys(runtimes).some((name) => name.split(':')[0] === 'stata-mp');
  const isNamed = document['stataLicenceFile'] !== undefined;
  if (!isOffered && !isNamed) return {};
  const file = isNamed ? read.path(document, 'stataLicenceFile') : '';
  const stataLicence = (await readFile(file ?? '', 'utf8').catch(() => '')).trim();
  if (stataLicence === '') problems.push(problem('licence-unreadable', [file ?? '']));
  return { stataLicence };
}

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
  const places = read.fields(document, 'places', {});
  read.refuseOthers(places, Object.keys(defaults.places), 'places.');
  const outputs = read.fields(document, 'outputs', {});
  read.refuseOthers(outputs, Object.keys(defaultOutputLimits), 'outputs.');
  const workspaces = read.fields(document, 'workspaces', {});
  const repositories = read.texts(document, 'allowedRepositories', []);
  const chosen = readExecutor(document, read);
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
    limits: readLimits(document, read, chosen.executor),
    places: {
      database: read.number(places, 'database', defaults.places.database),
      other: read.number(places, 'other', defaults.places.other),
    },
    ...chosen,
    ...(await readLicence(document, read, chosen.runtimes, problems)),
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
