// Where each process of the platform keeps what it has. The public and the secure zone share no folder, even on a laptop.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

export interface DataFolder {
  readonly root: string;
  /** The site's own: records, the administrator's token. */
  readonly site: string;
  /** The agent's own: outputs, logs, the backend's database. */
  readonly agent: string;
  readonly database: string;
  readonly agentToken: string;
  readonly agentConfiguration: string;
  readonly adminToken: string;
  /** Repositories on this machine that studies may come from. */
  readonly repositories: string;
  /** Says where the running platform is: `{"site": "http://...", "processes": {...}}`. */
  readonly state: string;
}

/** Makes the folders, readable only by their owner. */
export async function openDataFolder(folder: string, backend: string): Promise<DataFolder> {
  const root = resolve(folder);
  const site = join(root, 'public');
  const agent = join(root, 'secure', backend);
  const repositories = join(root, 'repositories');
  for (const path of [site, agent, repositories]) await mkdir(path, { recursive: true, mode: 0o700 });
  return {
    root,
    site,
    agent,
    repositories,
    database: join(agent, 'database'),
    agentToken: join(agent, 'token'),
    agentConfiguration: join(agent, 'agent.json'),
    adminToken: join(site, 'admin-token'),
    state: join(root, 'up.json'),
  };
}

/** Replaces a file whole, so that no reader sees half of it. */
export async function writeWhole(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  await writeFile(temporary, text, { mode: 0o600 });
  await rename(temporary, path);
}

export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
