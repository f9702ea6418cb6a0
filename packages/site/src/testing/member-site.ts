// A whole site with a study, a researcher, a member of staff and a person without rights, and forms sent as a browser would.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createController } from '@glovebox/controller';
import { newIdentifier } from '@glovebox/record';
import { addPerson } from '@glovebox/store';
import { fakeClock, makeSetting, pipelineText, testStore } from '@glovebox/testkit';
import { pino } from 'pino';
import { createServer } from '../server.js';
import { createStudies } from '../studies.js';

export const studyText = pipelineText([
  { name: 'extract', usesDatabase: true },
  { name: 'draw', needs: ['extract'] },
  { name: 'count', needs: ['extract'] },
]);

const host = 'site.example';
export const origin = `http://${host}`;
const agent = newIdentifier();

export type MemberSite = Awaited<ReturnType<typeof memberSite>>;

/** Everything that `close` removes again. */
export async function memberSite() {
  const folder = mkdtempSync(join(tmpdir(), 'glovebox-members-'));
  const repository = join(folder, 'repositories', 'study');
  mkdirSync(repository, { recursive: true });
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', repository, '-c', 'user.name=Ann', '-c', 'user.email=ann@example.org', ...args], {
      encoding: 'utf8',
    }).trim();
  function commit(files: Readonly<Record<string, string>>): string {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(repository, path)), { recursive: true });
      writeFileSync(join(repository, path), text);
    }
    git('add', '--all');
    git('commit', '--quiet', '--allow-empty', '-m', 'a change');
    return git('rev-parse', 'HEAD');
  }
  git('init', '--quiet', '-b', 'main');
  commit({ 'project.yaml': studyText, 'analysis/draw.py': 'print(1)\n', 'analysis/extract.py': '' });

  const store = await testStore();
  const clock = fakeClock();
  const logged: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => logged.push(line) });
  const controller = createController({ db: store.db, clock: clock.now, monotonic: clock.monotonic, leaseSeconds: 15 });
  const allowed = { addresses: [], localFolders: [join(folder, 'repositories')] };
  const studies = createStudies({ folder: join(folder, 'mirrors'), allowed });
  const app = createServer({ db: store.db, controller, studies, clock: clock.now, log });
  const setting = await makeSetting(store, clock.now(), { repository });

  const tokenOf = (username: string, roles: readonly ('staff' | 'researcher')[]): Promise<string> =>
    store.db.transaction().execute(async (tx) => {
      const person = { username, name: username, roles, projects: [], backends: [] };
      const added = await addPerson(tx, { person: null, now: clock.now() }, person);
      if (added.outcome !== 'created') throw new Error('there is one already');
      return added.row;
    });
  const tokens = {
    ann: setting.personToken,
    sam: await tokenOf('sam', ['staff']),
    eve: await tokenOf('eve', ['researcher']),
  };

  /** As a browser: the form, the page that it stands on, the cookie. */
  const send = (path: string, fields: readonly (readonly [string, string])[], headers: Record<string, string> = {}) =>
    app.request(path, {
      method: 'POST',
      headers: { host, origin, 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams(fields.map(([name, value]): [string, string] => [name, value])).toString(),
    });
  const get = (path: string, headers: Record<string, string> = {}) =>
    app.request(path, { headers: { host, ...headers } });

  /** @returns the cookie and what forms send back */
  async function signIn(who: keyof typeof tokens) {
    const answer = await send('/sign-in', [['token', tokens[who]]]);
    const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const page = await (await get('/event-log', { cookie })).text();
    return { cookie, formToken: /name="form-token" value="([^"]+)"/.exec(page)?.[1] ?? '' };
  }
  /** A member of staff or researcher who clicks and sends. */
  async function member(who: keyof typeof tokens) {
    const { cookie, formToken } = await signIn(who);
    return {
      cookie,
      formToken,
      get: (path: string, headers: Record<string, string> = {}) => get(path, { cookie, ...headers }),
      send: (path: string, fields: readonly (readonly [string, string])[]) =>
        send(path, [['form-token', formToken], ...fields], { cookie }),
    };
  }

  return {
    app,
    clock,
    commit,
    controller,
    git,
    logged,
    setting,
    store,
    tokens,
    send,
    get,
    signIn,
    member,
    home: `/${setting.names.project}/${setting.names.workspace}`,
    lease: () => controller.leaseTasks(setting.backend, { agent, freeDatabase: 9, freeOther: 9 }),
    finish: (task: string, fence: number) =>
      controller.applyResult(setting.backend, task, {
        agent,
        fence,
        outcome: { code: 'succeeded', excludedFiles: 0 },
        outputs: [],
      }),
    beat: (task: string, fence: number, memoryMegabytes: number) =>
      controller.heartbeat(setting.backend, task, {
        agent,
        fence,
        phase: 'executing',
        elapsedSeconds: 42,
        memoryMegabytes,
      }),
    close: async () => {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The words of a page, without its markup. */
export const wordsOf = (html: string): string =>
  html
    .replaceAll('<wbr/>', '')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll('&quot;', '"')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(' .', '.')
    .replaceAll(' ,', ',');
