import { describe, expect, it } from 'vitest';
import { planJobs, type ActionHistory } from './plan.js';
import { readPipeline } from './read.js';

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

const history = (states: Record<string, ActionHistory['state']>): Map<string, ActionHistory> =>
  new Map(Object.entries(states).map(([name, state]) => [name, { job: `job-${name}`, state }]));
const planned = (requested: string[], states: Record<string, ActionHistory['state']> = {}, force = false): string[] =>
  planJobs(pipeline, requested, force, history(states)).jobs.map((job) => job.action.name);

describe('planJobs', () => {
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
    const { jobs } = planJobs(pipeline, ['model'], false, history({ clean: 'running' }));
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
    expect(
      planned(['run_all', 'extract'], {
        extract: 'succeeded',
        clean: 'succeeded',
        model: 'succeeded',
        plot: 'succeeded',
        other: 'succeeded',
      }),
    ).toEqual(['extract']);
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
  it('says which job provides each input', () => {
    const { jobs } = planJobs(pipeline, ['plot'], false, history({ clean: 'succeeded' }));
    expect(jobs.map((job) => [job.action.name, job.origin, job.waitsFor])).toEqual([
      ['model', 'dependency', { clean: 'job-clean' }],
      ['plot', 'requested', { clean: 'job-clean', model: null }],
    ]);
  });
  it('refuses unknown names with the nearest one, and an empty request', () => {
    expect(planJobs(pipeline, ['modle'], false, new Map()).problems).toMatchObject([
      { code: 'unknown-action', hint: '`model` may be what was meant.' },
    ]);
    expect(planJobs(pipeline, [], false, new Map()).problems).toMatchObject([{ code: 'nothing-requested' }]);
  });
});
