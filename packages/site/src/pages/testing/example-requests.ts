// Job requests as the store would give them, in the states that a page must show well: finished, failed, running, large.
import { readPipeline } from '@glovebox/pipeline';
import {
  type JobPageView,
  type JobRequestView,
  type JobView,
  jobIdentifier,
  type OutputView,
  type PrivacyLevel,
  stateOf,
  type StatusCode,
  statusCodes,
} from '@glovebox/record';
import { pipelineText } from './example-study.js';

const start = Date.parse('2026-02-03T09:00:00Z');
/** The moment that many seconds after the request was made. */
export const after = (seconds: number): string => new Date(start + seconds * 1000).toISOString();

export const requestIdentifier = '5amxblokuh3djs5z';

/** Seconds after the request at which the job started and ended. */
interface Course {
  readonly code: StatusCode;
  readonly started?: number;
  readonly ended?: number;
  readonly cause?: string;
  readonly reason?: JobView['reason'];
}

type ActionView = JobRequestView['actions'][number];

function actionsOf(text: string): readonly (ActionView & { readonly run: string })[] {
  return (readPipeline(text, 'project.yaml').pipeline?.actions ?? []).map((action) => ({
    name: action.name,
    needs: action.needs,
    run: action.run,
    outputs: Object.entries(action.outputs).flatMap(([level, patterns]) =>
      Object.entries(patterns ?? {}).map(([name, pattern]): OutputView => ({
        level: level as PrivacyLevel,
        name,
        pattern,
        files: null,
      })),
    ),
  }));
}

export function jobOf(action: ActionView & { readonly run: string }, course: Course): JobView {
  const meaning: { readonly message: string; readonly hint?: string } = statusCodes[course.code];
  const state = stateOf(course.code);
  return {
    identifier: jobIdentifier(requestIdentifier, action.name),
    action: action.name,
    reasons: [],
    because: '',
    reusable: null,
    origin: 'requested',
    state,
    code: course.code,
    reason: course.reason ?? null,
    exitCode: course.code === 'nonzero_exit' ? 1 : null,
    message: meaning.message,
    hint: meaning.hint ?? null,
    cause: course.cause
      ? { identifier: jobIdentifier(requestIdentifier, course.cause), action: course.cause, request: 23_874 }
      : null,
    command: action.run,
    needs: action.needs,
    outputs: action.outputs.map((output) => ({ ...output, files: state === 'succeeded' ? 1 : null })),
    createdAt: after(0),
    startedAt: course.started === undefined ? null : after(course.started),
    completedAt: course.ended === undefined ? null : after(course.ended),
    progress: state === 'running' ? { elapsedSeconds: 42, memoryMegabytes: 640, memoryLimitMegabytes: 4096 } : null,
    queue: state === 'pending' ? { reason: 'turn', message: '2 jobs go before it.', position: 3, waiting: 5 } : null,
    estimate: state === 'pending' || state === 'running' ? { runs: 4, least: 91_000, most: 340_000 } : null,
    lostLeases: 0,
    requested: { memoryMegabytes: null, wallSeconds: null, processors: null },
    runtime: { version: '3.11.2' },
    usage: { wallMilliseconds: 70_000, cpuMilliseconds: 65_000, peakMemoryMegabytes: 812, memoryLimitMegabytes: 4096 },
    dataRelease: 'synthetic-2026-01',
  };
}

export interface ExampleOptions {
  readonly number?: number;
  readonly text?: string;
  readonly repository: string;
  readonly commit: string;
  readonly previous?: JobRequestView['previous'];
  readonly previousSucceeded?: JobRequestView['previous'];
  /** How each action went; an action without a course is not part of the request. */
  readonly courses: Readonly<Record<string, Course>>;
}

function statusOf(jobs: readonly JobView[]): JobRequestView['status'] {
  if (jobs.some((job) => job.state === 'running')) return 'running';
  if (jobs.some((job) => job.state === 'pending'))
    return jobs.every((j) => j.state === 'pending') ? 'pending' : 'running';
  return jobs.some((job) => job.state === 'failed') ? 'failed' : 'succeeded';
}

/** A job request of the example study. */
export function requestOf(options: ExampleOptions): JobRequestView {
  const text = options.text ?? pipelineText;
  const actions = actionsOf(text);
  const jobs = actions.flatMap((action) => {
    const course = options.courses[action.name];
    return course ? [jobOf(action, course)] : [];
  });
  const countOf = (state: JobView['state']) => jobs.filter((job) => job.state === state).length;
  const status = statusOf(jobs);
  const ends = jobs.map((job) => job.completedAt).filter((at) => at !== null);
  const starts = jobs.map((job) => job.startedAt).filter((at) => at !== null);
  const spans = jobs.map((j) =>
    j.startedAt && j.completedAt ? Date.parse(j.completedAt) - Date.parse(j.startedAt) : 0,
  );
  const isOver = status === 'succeeded' || status === 'failed';
  return {
    number: options.number ?? 23_874,
    identifier: requestIdentifier,
    status,
    organisation: { slug: 'bennett-institute', name: 'Bennett Institute' },
    project: { slug: 'winter-pressures', name: 'Winter pressures in general practice' },
    workspace: 'wp-work-package-1',
    backend: { slug: 'tpp', name: 'TPP', isSynthetic: true },
    requestedBy: { slug: 'asmith', name: 'Alex Smith' },
    commit: options.commit,
    createdAt: after(0),
    startedAt: starts.sort()[0] ?? null,
    completedAt: isOver ? (ends.sort().at(-1) ?? null) : null,
    jobCounts: {
      pending: countOf('pending'),
      running: countOf('running'),
      succeeded: countOf('succeeded'),
      failed: countOf('failed'),
    },
    repository: options.repository,
    branch: 'main',
    force: false,
    requestedActions: jobs.map((job) => job.action),
    message: null,
    runMilliseconds: spans.reduce((sum, span) => sum + span, 0),
    jobs,
    pipelineText: text,
    actions,
    previous: options.previous ?? null,
    previousSucceeded: options.previousSucceeded ?? null,
    withoutJob: [],
  };
}

const done = (started: number, ended: number): Course => ({ code: 'succeeded', started, ended });

export const succeededCourses: ExampleOptions['courses'] = {
  generate_patient_measures: done(2, 31),
  generate_practice_measures: done(2, 24),
  generate_app_measures: done(24, 41),
  generate_app_viz: done(42, 49),
  generate_app_summary: done(42, 46),
  generate_pre_processing: done(32, 43),
  generate_measures_viz: done(44, 58),
  generate_test_data: done(32, 36),
};

export const failedCourses: ExampleOptions['courses'] = {
  ...succeededCourses,
  generate_app_viz: { code: 'nonzero_exit', started: 42, ended: 47 },
  generate_app_summary: { code: 'unmatched_patterns', started: 42, ended: 46 },
  generate_pre_processing: { code: 'nonzero_exit', started: 32, ended: 39, reason: 'out_of_memory' },
  generate_measures_viz: { code: 'dependency_failed', ended: 39, cause: 'generate_pre_processing' },
};

export const runningCourses: ExampleOptions['courses'] = {
  generate_patient_measures: done(2, 31),
  generate_practice_measures: { code: 'executing', started: 2 },
  generate_app_measures: done(24, 41),
  generate_app_viz: { code: 'finalizing', started: 42 },
  generate_app_summary: { code: 'waiting_on_workers' },
  generate_pre_processing: { code: 'waiting_on_dependencies' },
};

/** A pipeline of that many actions in layers of ten, each needing two of the layer before. */
export function largePipeline(actions: number): string {
  const blocks = Array.from({ length: actions }, (_, i) => {
    const layer = Math.floor(i / 10);
    const need = (k: number) => `model_${(layer - 1) * 10 + (k % 10)}`;
    const needs = layer === 0 ? '' : `    needs: [${need(i)}, ${need(i + 3)}]\n`;
    const level = i % 3 === 0 ? 'highly_sensitive' : 'moderately_sensitive';
    return `  model_${i}:\n    run: r:latest analysis/model.R ${i}\n${needs}    outputs:\n      ${level}:\n        out: output/model_${i}.csv\n`;
  });
  return `version: "4.0"\nactions:\n${blocks.join('')}`;
}

/** Every action of the pipeline succeeded, one after the other in pairs. */
export const coursesOfAll = (text: string): ExampleOptions['courses'] =>
  Object.fromEntries(actionsOf(text).map(({ name }, i) => [name, done(2 + i * 5, 6 + i * 5 + (i % 4) * 6)]));

/** The page of one of the request's jobs, with the events that its times imply. */
export function jobPageOf(request: JobRequestView, job: JobView): JobPageView {
  const events: JobPageView['events'] = [
    { at: job.createdAt, state: 'pending', code: 'created' },
    ...(job.startedAt
      ? ([
          { at: job.startedAt, state: 'running', code: 'preparing' },
          { at: job.startedAt, state: 'running', code: 'executing' },
        ] as const)
      : []),
    ...(job.completedAt ? [{ at: job.completedAt, state: job.state, code: job.code }] : []),
  ];
  return { request, job, events };
}
