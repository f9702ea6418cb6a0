// Where a job stands while it is open: its place in the queue and why it waits; how far it is, how much memory it takes of what it
// may, and how long such a run usually takes.
import type { JobView } from '@glovebox/record';
import { count, formatSpan } from '@glovebox/ui';
import { megabytes } from './usage.js';

/** "42 s", "3 min", "2 h 10 min": an estimate is no more exact than that. */
export function roughly(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 90) return `${Math.max(1, seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

/** "Usually takes 3 to 5 min."; one time where both ends read the same. */
export function usually({ least, most }: NonNullable<JobView['estimate']>): string {
  const [from, to] = [roughly(least), roughly(most)];
  if (from === to) return `Usually takes about ${to}.`;
  const unit = / [a-z]+$/.exec(to)?.[0] ?? '';
  const isOneUnit = /^\d+ [a-z]+$/.test(from) && /^\d+ [a-z]+$/.test(to) && from.endsWith(unit);
  return `Usually takes ${isOneUnit ? from.slice(0, -unit.length) : from} to ${to}.`;
}

const basis = (runs: number): string =>
  runs === 1 ? '(its last run that succeeded)' : `(the middle half of its last ${runs} runs that succeeded)`;

const MemoryBar = ({ used, limit }: { readonly used: number; readonly limit: number }) => {
  const share = Math.min(100, Math.round((used / limit) * 100));
  const words = `${megabytes(used)} of ${megabytes(limit)} of memory`;
  return (
    <span class="share">
      <svg width="120" height="8" role="img" aria-label={`${share} % of the memory that it may use`}>
        <rect class="room" width="100%" height="8" rx="2" />
        <rect class="taken" width={`${share}%`} height="8" rx="2" />
      </svg>
      {words}
    </span>
  );
};

const Progress = ({ progress }: { readonly progress: NonNullable<JobView['progress']> }) => {
  const { elapsedSeconds, memoryMegabytes: used, memoryLimitMegabytes: limit } = progress;
  if (elapsedSeconds === null && used === null) return <></>;
  return (
    <p>
      {elapsedSeconds !== null && <>Ran {formatSpan(elapsedSeconds * 1000)} when last heard of. </>}
      {used !== null && (limit === null ? `${megabytes(used)} of memory.` : <MemoryBar used={used} limit={limit} />)}
    </p>
  );
};

/**
 * Renders nothing for a job that has ended.
 *
 * @param areNeedsShown whether what it waits for stands beside it already
 */
export const Standing = ({
  job,
  areNeedsShown = false,
}: {
  readonly job: JobView;
  readonly areNeedsShown?: boolean;
}) => {
  const { queue, progress, estimate, lostLeases, completedAt } = job;
  if (completedAt !== null) return <></>;
  return (
    <>
      {queue && !(areNeedsShown && queue.reason === 'needs') && (
        <p>
          {queue.position !== null && queue.waiting !== null && (
            <>
              Place {queue.position} of {queue.waiting} in the queue.{' '}
            </>
          )}
          {queue.message}
        </p>
      )}
      {progress && <Progress progress={progress} />}
      {estimate && (
        <p>
          {usually(estimate)} <span class="quiet">{basis(estimate.runs)}</span>
        </p>
      )}
      {lostLeases > 0 && (
        <p>
          The agent was lost {lostLeases === 1 ? 'once' : count(lostLeases, 'time')} while it ran; each time it starts
          again.
        </p>
      )}
    </>
  );
};
