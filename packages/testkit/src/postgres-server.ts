// A PostgreSQL server for tests: a cluster of its own in a temporary folder, reached through a socket in that folder, so
// that no other server of the machine is touched. PostgreSQL refuses to run as root; root starts it as `nobody`.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';

export interface PostgresServer {
  /** Of its database `postgres`, as a user who may make databases. */
  readonly url: string;
  /** Its first process, which starts all others. */
  readonly process: number;
  /** Runs statements on it, and says what they print. */
  run(sql: string): string;
  stop(): Promise<void>;
}

/** The user and group `nobody`, by number. */
const nobody = 65_534;

/**
 * Starts a server; stop it in `afterAll`.
 *
 * Its texts are ordered as in a dictionary: whoever relies on the order of code points has to say so.
 *
 * @param isKilled whether processes of it are to be killed: it then forgets nothing that it has answered
 * @throws Error when PostgreSQL's programs are not installed, or fail.
 */
export async function startPostgres({ isKilled = false } = {}): Promise<PostgresServer> {
  const programs = programFolder();
  const folder = mkdtempSync(join(tmpdir(), 'glovebox-postgres-'));
  const data = join(folder, 'data');
  const as = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
  if (as.uid !== undefined) chownSync(folder, nobody, nobody);
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const options = ['--no-sync', '--auth=trust', '--username=glovebox', '--encoding=UTF8', '--locale=C.UTF-8'];
  const initialised = spawnSync(
    join(programs, 'initdb'),
    ['-D', data, ...options, '--locale-provider=icu', '--icu-locale=en'],
    { ...as, cwd: folder, encoding: 'utf8' },
  );
  if (initialised.status !== 0) {
    remove();
    throw new Error(`PostgreSQL could not make a cluster: ${initialised.stderr || String(initialised.error)}`);
  }
  const fast = [
    'fsync=off',
    `synchronous_commit=${isKilled ? 'on' : 'off'}`,
    'full_page_writes=off',
    'max_connections=60',
    'max_locks_per_transaction=1024',
  ];
  const server = spawn(
    join(programs, 'postgres'),
    ['-D', data, '-k', folder, '-h', '', ...fast.flatMap((setting) => ['-c', setting])],
    { ...as, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const stop = async (): Promise<void> => {
    await ended(server);
    remove();
  };
  try {
    await ready(server);
  } catch (error) {
    await stop();
    throw error;
  }
  const url = `postgresql://glovebox@${encodeURIComponent(folder)}/postgres`;
  const run = (sql: string): string => {
    const options = ['--no-psqlrc', '--quiet', '--tuples-only', '--no-align', '--set=ON_ERROR_STOP=1'];
    const { status, stdout, stderr } = spawnSync(join(programs, 'psql'), [...options, url], {
      input: sql,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`a statement failed: ${stderr}`);
    return stdout.trim();
  };
  return { url, process: server.pid ?? 0, run, stop };
}

/** Where the programs of the newest installed version are: Debian keeps them out of the search path. */
function programFolder(): string {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((version) => join(debian, version, 'bin')), ...pathFolders()];
  const found = folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
  if (found === undefined)
    throw new Error('PostgreSQL is not installed; script/install-requirements tests installs it');
  return found;
}

const pathFolders = (): readonly string[] => (process.env['PATH'] ?? '').split(delimiter).filter((one) => one !== '');

async function ready(server: ChildProcess): Promise<void> {
  const told: string[] = [];
  for await (const line of createInterface({ input: server.stderr! })) {
    told.push(line);
    if (/ready to accept connections/.test(line)) {
      // What it says from now on is read and forgotten, so that it never waits for a reader.
      server.stderr!.resume();
      return;
    }
  }
  throw new Error(`PostgreSQL did not start: ${told.slice(-5).join('\n')}`);
}

/** Ends it at once; nothing in it is worth keeping. */
function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return Promise.resolve();
  const end = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  server.kill('SIGQUIT');
  return end;
}
