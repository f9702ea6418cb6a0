import { expect, it } from 'vitest';
import { readPipeline } from '../read.js';
import { allowedImages, resolveReusable, type FoundRelease, type ReusableActions } from './resolve.js';

const repository = 'https://example.org/actions/tool';
const commit = 'c'.repeat(40);
const release = (actionYaml: string | null): FoundRelease => ({ found: 'release', repository, commit, actionYaml });
const at = (found: FoundRelease): ReusableActions => ({ find: async () => found });

function pipelineOf(run: string) {
  const { pipeline } = readPipeline(
    `version: 5
actions:
  a:
    run: r:v2 a.R
    outputs: {highly_sensitive: {a: a.rds}}
  b:
    run: ${run}
    needs: [a]
    config: {x: 1}
    outputs: {highly_sensitive: {b: b.rds}}
`,
    'project.yaml',
  );
  if (!pipeline) throw new Error('the test pipeline must be valid');
  return pipeline;
}
const resolve = (run: string, reusable: ReusableActions | null, requested = ['run_all']) =>
  resolveReusable(pipelineOf(run), requested, { images: allowedImages, reusable });

it('runs in the image that action.yaml names, with its words and then those of the study, on its own code', async () => {
  const { pipeline, problems } = await resolve(
    'tool:v3.0.1 --study',
    at(release('run: python:latest python tool.py --own\n')),
  );
  expect(problems).toEqual([]);
  expect(pipeline.actions[1]).toMatchObject({
    run: 'tool:v3.0.1 --study',
    image: 'python',
    tag: 'latest',
    args: ['python', 'tool.py', '--own', '--study', '--config', '{"x": 1}'],
    usesDatabase: false,
    code: { repository, commit },
  });
  expect(pipeline.actions[0]).not.toHaveProperty('code');
});

it.each<[string, ReusableActions | null, string, string?]>([
  ['no place to look', null, 'image-not-allowed'],
  ['no repository', at({ found: 'no-repository', repository }), 'reusable-missing'],
  ['no such release', at({ found: 'no-release', repository }), 'reusable-release-missing'],
  ['a release that is not merged', at({ found: 'not-merged', repository }), 'reusable-not-approved'],
  ['no action.yaml', at(release(null)), 'reusable-without-action'],
  ['an action.yaml that is no mapping', at(release('- a\n')), 'reusable-action-wrong'],
  ['an action.yaml that is no YAML', at(release('a: [')), 'reusable-action-wrong'],
  ['an action.yaml without run', at(release('name: x\n')), 'reusable-action-wrong'],
  ['a run that is no text', at(release('run: 7\n')), 'reusable-action-wrong'],
  ['a run without a colon', at(release('run: python tool.py\n')), 'reusable-action-wrong'],
  ['an image that is not offered', at(release('run: julia:v1 tool.jl\n')), 'reusable-action-wrong'],
  ['a run that queries the database', at(release('run: sqlrunner:v1 a.sql\n')), 'reusable-action-wrong'],
  [
    'a run that the study completes to a query',
    at(release('run: ehrql:v1\n')),
    'reusable-action-wrong',
    'tool:v1 generate-measures m.py',
  ],
  ['a name with other characters', at(release('run: r:v2 a.R\n')), 'reusable-name-wrong', 'a/../tool:v1'],
])('%s is refused, naming the action', async (_, reusable, code, run = 'tool:v1') => {
  const { problems } = await resolve(run, reusable);
  expect(problems).toMatchObject([{ code, message: expect.stringContaining('`b`') as string, place: { line: 6 } }]);
});

it('is asked for only where the request reaches it', async () => {
  expect((await resolve('tool:v1', null, ['a'])).problems).toEqual([]);
});
