// One job on the shared axis: a thin bar while it waited, a thick one while it ran. The words say the same.
import type { JobView } from '@glovebox/record';
import { between, formatSpan } from '@glovebox/ui';
import { type Axis, stretchOn } from './axis.js';

const percent = (n: number): string => `${Math.round(n * 100) / 100}%`;

/** Which stretches of time the job has had so far; `null` where there was none. */
export function stretchesOf(job: JobView, now: string) {
  // A job that ended without starting waited until then and never ran.
  const waitEnd = job.startedAt ?? job.completedAt ?? now;
  const ran = job.startedAt === null ? null : { from: job.startedAt, to: job.completedAt ?? now };
  return { waited: { from: job.createdAt, to: waitEnd }, ran };
}

function describe(job: JobView, now: string): string {
  const { waited, ran } = stretchesOf(job, now);
  const wait = `waited ${formatSpan(between(waited.from, waited.to))}`;
  if (ran === null) return job.completedAt === null ? `${wait} so far` : `${wait}, never started`;
  const run = `ran ${formatSpan(between(ran.from, ran.to))}`;
  return `${wait}, ${run}${job.completedAt === null ? ' so far' : ''}`;
}

const Grid = ({ axis, height }: { readonly axis: Axis; readonly height: number }) => (
  <>
    {axis.ticks.map(({ percent: at }) => (
      <line x1={percent(at)} x2={percent(at)} y1="0" y2={height} />
    ))}
  </>
);

export const JobBar = ({ job, axis, now }: { readonly job: JobView; readonly axis: Axis; readonly now: string }) => {
  const { waited, ran } = stretchesOf(job, now);
  const wait = stretchOn(axis, waited.from, waited.to);
  const run = ran && stretchOn(axis, ran.from, ran.to);
  return (
    <svg height="24" role="img" aria-label={describe(job, now)}>
      <title>{describe(job, now)}</title>
      <Grid axis={axis} height={24} />
      <rect class="wait" x={percent(wait.from)} width={percent(wait.width)} y="10.5" height="3" />
      {run && (
        <g class={job.state}>
          <rect class="bar" x={percent(run.from)} width={percent(run.width)} y="6" height="12" rx="2" />
        </g>
      )}
    </svg>
  );
};

export const AxisHeading = ({ axis }: { readonly axis: Axis }) => (
  <svg height="20" aria-hidden="true">
    {axis.ticks.map(({ percent: at, text }) => (
      <text x={percent(at)} y="15">
        {text}
      </text>
    ))}
  </svg>
);
