import { describe, expect, it } from 'vitest';
import { planJobs, type PlanRequest } from './plan.js';
import { readPipeline } from './read.js';
import type { EarlierJob } from './reuse/decision.js';

const needs = { extract: [], clean: ['extract'], model: ['clean'], plot: ['clean', 'model'], other: [] };
const { pipeline } = readPipeline(
  `version: 5\nactions:\n${Object.entries(needs)
    .map(
      ([name, list]) =>
        `  ${name}:\n    run: r:v2 ${name}.R\n    needs: [${list.join(', ')}]\n    outputs: {highly_sensitive: {x: ${name}.rds}}\n`,
    )
    .join('')}`,
  'p',
);
if (!pipeline) throw new Error('the test pipeline must be valid');

type States = Record<string, EarlierJob['state']>;
const request = (requested: string[], states: States = {}, force = false): PlanRequest => ({
  pipeline,
  requested,
  force,
  rule: 'whatever-changed',
  history: new Map(
    Object.entries(states).map(([name, state]) => [name, [{ job: `job-${name}`, state, digest: `d-${name}` }]]),
  ),
  now: { reads: new Map(), runtimeOf: () => null, dataRelease: null },
});
const planned = (requested: string[], states: States = {}, force = false): string[] =>
  planJobs(request(requested, states, force)).jobs.map((job) => job.action.name);

describe('planning by the rule that keeps what succeeded', () => {
  it('brings along what an action needs, needs first', () =>
    expect(planned(['plot'])).toEqual(['extract', 'clean', 'model', 'plot']));
  it('runs what is asked for by name again', () =>
    expect(planned(['extract'], { extract: 'succeeded' })).toEqual(['extract']));
  it('keeps a dependency that succeeded, whatever failed above it', () => {
    expect(planned(['model'], { clean: 'succeeded', extract: 'failed' })).toEqual(['model']);
  });
  it('runs a dependency that failed', () =>
    expect(planned(['model'], { extract: 'succeeded', clean: 'failed' })).toEqual(['clean', 'model']));
  it('waits for a job that is running instead of starting another', () => {
    const { jobs } = planJobs(request(['model'], { clean: 'running' }));
    expect(jobs.map((job) => [job.action.name, job.waitsFor])).toEqual([['model', { clean: 'job-clean' }]]);
    expect(planned(['clean'], { clean: 'pending' })).toEqual([]);
  });
  it('run_all runs only what has not succeeded', () => {
    expect(planned(['run_all'], { extract: 'succeeded', clean: 'failed' })).toEqual([
      'clean',
      'model',
      'plot',
      'other',
    ]);
    const all: States = Object.fromEntries(Object.keys(needs).map((name) => [name, 'succeeded']));
    expect(planned(['run_all', 'extract'], all)).toEqual(['extract']);
  });
  it('an action that is itself called run_all is no part of run_all, unless another needs it', () => {
    const own = (need: string): string[] => {
      const outputs = 'outputs: {highly_sensitive: {}}';
      const text = `version: 4\nactions:\n  run_all: {run: r:v2 1, ${outputs}}\n  a: {run: r:v2 2, needs: [${need}], ${outputs}}\n`;
      const older = readPipeline(text, 'p').pipeline;
      if (!older) throw new Error('version 4 allows it');
      return planJobs({ ...request(['run_all']), pipeline: older }).jobs.map(({ action }) => action.name);
    };
    expect(own('')).toEqual(['a']);
    expect(own('run_all')).toEqual(['run_all', 'a']);
  });
  it('force runs everything that is needed', () => {
    expect(planned(['clean'], { extract: 'succeeded', clean: 'succeeded' }, true)).toEqual(['extract', 'clean']);
    expect(planned(['run_all'], { extract: 'succeeded' }, true)).toEqual([
      'extract',
      'clean',
      'model',
      'plot',
      'other',
    ]);
  });
  it('says which job provides each input, and what happens to every action that is reached', () => {
    const { jobs, entries } = planJobs(request(['plot'], { clean: 'succeeded' }));
    expect(jobs.map((job) => [job.action.name, job.origin, job.waitsFor])).toEqual([
      ['model', 'dependency', { clean: 'job-clean' }],
      ['plot', 'requested', { clean: 'job-clean', model: null }],
    ]);
    expect(entries).toEqual([
      { action: 'clean', does: 'reuse', job: 'job-clean', isLatest: true, isInput: true },
      { action: 'model', does: 'run', reasons: [{ kind: 'never-run' }] },
      { action: 'plot', does: 'run', reasons: [{ kind: 'requested' }] },
    ]);
  });
  it('refuses unknown names with the nearest one, and an empty request', () => {
    expect(planJobs(request(['modle'])).problems).toMatchObject([
      { code: 'unknown-action', hint: '`model` may be what was meant.' },
    ]);
    expect(planJobs(request([])).problems).toMatchObject([{ code: 'nothing-requested' }]);
  });
});
