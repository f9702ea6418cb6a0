// The agent as a process of its own, against a scripted site over real HTTP, with a real repository and the real sandbox; all of
// it made anew for each test.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { newIdentifier } from '@glovebox/record';
import type { RunDefinition } from '@glovebox/wire';
import { afterEach, beforeAll, beforeEach } from 'vitest';
import { FakeSite } from './fake-site.js';

const projectRoot = fileURLToPath(new URL('../../../../', import.meta.url));
const main = join(projectRoot, 'packages/agent/dist/main.js');

export const writesTable = "open('output/a.csv', 'w').write('1')";

/** Processes of this machine whose command lines mention `text`. */
export const processesWith = (text: string): string[] =>
  readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid) && pid !== String(process.pid))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text);
      } catch {
        return false;
      }
    });

export interface AgentUnderTest {
  root: string;
  /** The repository of the study. */
  study: string;
  site: FakeSite;
  /** What the agents printed. */
  output: string;
  /** Changes the agents' configuration. */
  configure(more: object): void;
  start(): ChildProcess;
  kill(agent: ChildProcess, signal?: NodeJS.Signals): Promise<void>;
  /** @returns the commit */
  commit(files: Readonly<Record<string, string>>): string;
  /** An action that runs a script that finds the folder `output`. */
  definition(script: string, more?: Partial<RunDefinition>): RunDefinition;
  jobFolder(run: RunDefinition): string;
  /** The view of the workspace `winter`. */
  view(): Record<string, { readonly job: string }>;
}

/** To be called once by a file of tests. */
export function agentUnderTest(): AgentUnderTest {
  let agents: ChildProcess[];
  const configurationFile = () => join(on.root, 'agent.json');
  const on: AgentUnderTest = {
    root: '',
    study: '',
    site: undefined as unknown as FakeSite,
    output: '',
    configure(more) {
      const document = JSON.parse(readFileSync(configurationFile(), 'utf8')) as object;
      writeFileSync(configurationFile(), JSON.stringify({ ...document, ...more }));
    },
    start() {
      const agent = spawn(process.execPath, [main, configurationFile()], { stdio: ['ignore', 'pipe', 'pipe'] });
      for (const stream of [agent.stdout, agent.stderr]) {
        stream.on('data', (chunk: Buffer) => {
          on.output += chunk.toString();
          on.site.change();
        });
      }
      agents.push(agent);
      return agent;
    },
    async kill(agent, signal = 'SIGKILL') {
      if (agent.exitCode !== null || agent.signalCode !== null) return;
      agent.kill(signal);
      await once(agent, 'exit');
      // A lease must not be handed out on a connection whose other end is gone.
      await on.site.until(() => on.site.openPolls === 0);
    },
    commit(files) {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(join(on.study, dirname(path)), { recursive: true });
        writeFileSync(join(on.study, path), text, { mode: 0o755 });
      }
      const git = (...args: string[]) =>
        execFileSync('git', ['-C', on.study, '-c', 'user.name=A', '-c', 'user.email=a@example.org', ...args], {
          encoding: 'utf8',
        });
      git('add', '-A');
      git('commit', '-q', '--allow-empty', '-m', 'x');
      return git('rev-parse', 'HEAD').trim();
    },
    definition: (script, more = {}) => ({
      job: newIdentifier(),
      request: newIdentifier(),
      workspace: 'winter',
      repository: on.study,
      branch: 'main',
      commit: on.commit({ 'run.py': `import os, sys, time\nos.makedirs('output', exist_ok=True)\n${script}` }),
      action: 'make',
      image: 'python',
      tag: 'latest',
      args: ['run.py'],
      outputs: { highly_sensitive: { table: 'output/*.csv' } },
      inputs: {},
      usesDatabase: false,
      permissions: [],
      requests: {},
      ...more,
    }),
    jobFolder: (run) => join(on.root, 'data/outputs/jobs', run.job),
    view() {
      const path = join(on.root, 'data/outputs/workspaces/winter/view.json');
      return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, { job: string }>) : {};
    },
  };

  beforeAll(() => {
    execFileSync(process.execPath, [join(projectRoot, 'script/build.mjs')], { stdio: 'ignore' });
  });
  beforeEach(async () => {
    on.root = mkdtempSync(join(tmpdir(), 'glovebox-agent-'));
    on.study = join(on.root, 'study');
    mkdirSync(on.study);
    execFileSync('git', ['init', '-q', '-b', 'main', on.study]);
    on.site = new FakeSite();
    agents = [];
    on.output = '';
    const configuration = {
      site: await on.site.start(),
      tokenFile: join(on.root, 'token'),
      dataFolder: join(on.root, 'data'),
      database: { path: join(on.root, 'database.duckdb'), release: 'synthetic-1' },
      glovebox: join(on.root, 'glovebox'),
      allowedRepositories: [on.study],
      limits: { memoryBytes: 2 ** 29, processes: 60, fileBytes: 2 ** 26, wallSeconds: 60 },
    };
    writeFileSync(join(on.root, 'token'), `${on.site.token}\n`);
    writeFileSync(configurationFile(), JSON.stringify(configuration));
  });
  afterEach(async () => {
    for (const agent of agents) await on.kill(agent);
    on.site.stop();
    rmSync(on.root, { recursive: true, force: true });
  });
  return on;
}
