// A reusable action through a site and an agent: its release is found in the organisation's repositories, its code runs in place
// of the study's with the outputs of what it needs, and what it makes is an output like any other.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readOutputs } from './faults/outputs.js';
import { startAgent, startSite, type Process, type SiteProcess } from './faults/site-and-agents.js';
import { register } from './testing/register.js';
import { SiteApi, untilEnded } from './testing/site-api.js';
import { commitFiles, git, makeRepository } from './testing/study-repository.js';
import { until } from './testing/until.js';

const data = mkdtempSync(join(tmpdir(), 'glovebox-reusable-'));
const organisation = join(data, 'organisation');
const study = join(data, 'repositories/study');
let site: SiteProcess;
let agent: Process;
let api: SiteApi;

const tool = (says: string) => ({
  'action.yaml': 'run: python:v2 tool.py --from-action\n',
  'tool.py': `import os, sys
assert not os.path.exists('project.yaml') and not os.path.exists('analysis')
text = open('output/first.txt').read()
open('output/tool.txt', 'w').write(' '.join([text, '${says}', *sys.argv[1:]]))
`,
});
const project = (image: string) => ({
  'project.yaml': `version: "5"
actions:
  first:
    run: python:v2 analysis/first.py
    outputs:
      highly_sensitive:
        text: output/first.txt
  shared:
    run: ${image} word
    needs: [first]
    config:
      a: 1
    outputs:
      moderately_sensitive:
        text: output/tool.txt
`,
  'analysis/first.py': "open('output/first.txt', 'w').write('made first')\n",
  'output/.gitkeep': '',
});

beforeAll(async () => {
  for (const name of ['tool', 'empty', 'queries']) makeRepository(join(organisation, name));
  const repository = join(organisation, 'tool');
  commitFiles(repository, tool('one'));
  git(repository, 'tag', 'v1');
  git(repository, 'checkout', '--quiet', '-b', 'proposal');
  commitFiles(repository, tool('not merged'));
  git(repository, 'tag', 'v2');
  git(repository, 'checkout', '--quiet', 'main');
  commitFiles(join(organisation, 'empty'), { 'README.md': '' });
  git(join(organisation, 'empty'), 'tag', 'v1');
  commitFiles(join(organisation, 'queries'), { 'action.yaml': 'run: ehrql:v1 generate-dataset d.py --output x.csv\n' });
  git(join(organisation, 'queries'), 'tag', 'v1');
  makeRepository(study);

  site = await startSite(data, 30, ['--reusable-actions', organisation]);
  const admin = new SiteApi(site.address, site.adminToken);
  const token = String((await admin.make('/api/backends', { slug: 'tpp', name: 'TPP' }))['token']);
  api = await register(admin, { workspaces: { one: study }, backends: ['tpp'] });
  const dataFolder = join(data, 'agent-data');
  agent = await startAgent(data, { name: 'agent', site: site.address, token, dataFolder });
}, 120_000);

afterAll(async () => {
  await agent?.stop();
  await site?.stop();
  rmSync(data, { recursive: true, force: true });
});

const ask = (image: string) =>
  api.post('/api/workspaces/one/job-requests', {
    backend: 'tpp',
    commit: commitFiles(study, project(image)),
    actions: ['run_all'],
    force: false,
  });

test('a released action runs its own code with the inputs, words and config of the study, and runs again when its release moves', async () => {
  const outputs = () => readOutputs(join(data, 'agent-data'));
  const reviewed = () =>
    existsSync(join(data, 'agent-data/outputs/workspaces/one/moderately_sensitive/metadata/manifest.json'))
      ? outputs().reviewers('one')
      : {};
  const run = async () => {
    const { body } = await ask('tool:v1');
    const made = { number: Number(body['number']), path: new URL(String(body['url'])).pathname };
    return (await untilEnded(api, made, 120)).jobs;
  };
  const [first, shared] = await run();
  expect([first?.code, shared?.code]).toEqual(['succeeded', 'succeeded']);
  const commit = git(join(organisation, 'tool'), 'rev-parse', 'v1');
  expect(shared?.reusable).toEqual({ repository: join(organisation, 'tool'), commit });
  const { manifest } = outputs().jobs.get(shared.identifier)!;
  expect(manifest).toMatchObject({ action: 'shared', image: 'python:v2', user: 'Researcher', repository: study });
  expect(manifest.inputs).toEqual({ first: first?.identifier });
  expect(manifest.args).toEqual(['tool.py', '--from-action', 'word', '--config', '{"a": 1}']);
  // The agent learns a moment later that its report was taken.
  const path = 'output/tool.txt';
  const shown = await until('the output is shown', 30, () => reviewed()[path]);

  commitFiles(join(organisation, 'tool'), tool('two'));
  git(join(organisation, 'tool'), 'tag', '--force', 'v1');
  const again = await run();
  expect(again.map(({ action, code }) => [action, code])).toEqual([['shared', 'succeeded']]);
  await until('the newer output is shown', 30, () => reviewed()[path] !== shown);
}, 180_000);

test.each([
  ['tool:v2', 'not merged'],
  ['tool:v9', 'v9'],
  ['empty:v1', 'action.yaml'],
  ['queries:v1', 'quer'],
  ['nowhere:v1', 'nowhere'],
])('a request with %s is refused, and says why', async (image, words) => {
  const { status, body } = await ask(image);
  expect(status).toBe(422);
  expect(JSON.stringify(body.problems)).toContain(words);
});
