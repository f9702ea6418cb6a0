// A site with a database, its API called as programs do, and for each test a setting and a repository of its own.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createController } from '@glovebox/controller';
import type { Problem } from '@glovebox/record';
import { addPerson } from '@glovebox/store';
import { fakeClock, makeSetting, pipelineText, testStore } from '@glovebox/testkit';
import { pino } from 'pino';
import { createServer } from '../server.js';
import { createStudies } from '../studies.js';

export const apiStudy = pipelineText([
  { name: 'extract', usesDatabase: true },
  { name: 'draw', needs: ['extract'] },
]);

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown> & { readonly problems?: readonly Problem[] };
  readonly headers: Headers;
}

export const problemCodes = (answer: Answer) => answer.body.problems?.map((problem) => problem.code);

/** Everything that `close` removes again. */
export async function apiSite() {
  const folder = mkdtempSync(join(tmpdir(), 'glovebox-api-'));
  const repository = join(folder, 'repositories', 'study');
  const store = await testStore();
  const clock = fakeClock();
  const logged: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => logged.push(line) });
  const controller = createController({ db: store.db, clock: clock.now, monotonic: clock.monotonic, leaseSeconds: 15 });
  const allowed = { addresses: ['https://github.com/glovebox-studies/'], localFolders: [join(folder, 'repositories')] };
  const studies = createStudies({ folder: join(folder, 'mirrors'), allowed });
  const app = createServer({ db: store.db, controller, studies, clock: clock.now, log });

  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', repository, '-c', 'user.name=Ann', '-c', 'user.email=ann@example.org', ...args], {
      encoding: 'utf8',
    }).trim();

  function commit(files: Readonly<Record<string, string | Buffer>>): string {
    for (const [path, content] of Object.entries(files)) writeFileSync(join(repository, path), content);
    git('add', '--all');
    git('commit', '--quiet', '--allow-empty', '-m', 'a change');
    return git('rev-parse', 'HEAD');
  }

  async function post(
    path: string,
    token: string | null,
    body: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const authorization: Record<string, string> = token === null ? {} : { Authorization: `Bearer ${token}` };
    const response = await app.request(path, {
      method: 'POST',
      headers: { ...authorization, ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Answer['body'], headers: response.headers };
  }

  /** A new repository with `apiStudy`, and people, a workspace and a backend that no other test has. */
  async function fresh() {
    rmSync(repository, { recursive: true, force: true });
    mkdirSync(repository, { recursive: true });
    git('init', '--quiet', '-b', 'main');
    commit({ 'project.yaml': apiStudy });
    const setting = await makeSetting(store, clock.now(), { repository });
    const staffToken = await store.db.transaction().execute(async (tx) => {
      const person = { username: `staff-${setting.username}`, name: 'Sam', roles: ['staff' as const] };
      const added = await addPerson(tx, { person: null, now: clock.now() }, { ...person, projects: [], backends: [] });
      if (added.outcome !== 'created') throw new Error('there is one already');
      return added.row;
    });
    const requests = `/api/workspaces/${setting.names.workspace}/job-requests`;
    const ask = (body: object, headers?: Record<string, string>) =>
      post(requests, setting.personToken, { backend: setting.backendSlug, ...body }, headers);
    return { setting, staffToken, requests, ask };
  }
  const close = async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { app, clock, close, commit, folder, fresh, git, logged, post, repository, store };
}
