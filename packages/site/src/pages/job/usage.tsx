// What an action asked for and what it used, in words.
import type { JobView } from '@glovebox/record';
import { Copyable, Facts, formatSpan } from '@glovebox/ui';

export const megabytes = (n: number): string => `${n.toLocaleString('en-GB')} MB`;

/** Most actions use seconds, for which HH:MM:SS is too coarse. */
const spanWords = (milliseconds: number): string =>
  milliseconds < 60_000 ? `${(milliseconds / 1000).toFixed(1)} s` : formatSpan(milliseconds);

const measured = (n: number | null, words: (n: number) => string): string => (n === null ? 'not measured' : words(n));

export const Usage = ({ job }: { readonly job: JobView }) => {
  const { usage, requested } = job;
  const asked = (n: number | null, words: (n: number) => string): string =>
    n === null ? 'the backend’s own limit' : words(n);
  return (
    <>
      {job.completedAt !== null && (
        <section>
          <h2>Used</h2>
          <Facts
            facts={[
              ['Time', measured(usage.wallMilliseconds, spanWords)],
              ['Processor time', measured(usage.cpuMilliseconds, spanWords)],
              ['Most memory', measured(usage.peakMemoryMegabytes, megabytes)],
              usage.memoryLimitMegabytes === null ? null : ['Memory limit', megabytes(usage.memoryLimitMegabytes)],
            ]}
          />
        </section>
      )}
      <section>
        <h2>Requested</h2>
        <Facts
          facts={[
            ['Time', asked(requested.wallSeconds, (n) => formatSpan(n * 1000))],
            ['Processors', asked(requested.processors, String)],
            ['Memory', asked(requested.memoryMegabytes, megabytes)],
          ]}
        />
      </section>
    </>
  );
};

/** What ran it: an image by digest, or a program by version and packages. */
export const Runtime = ({ runtime }: { readonly runtime: NonNullable<JobView['runtime']> }) => (
  <>
    {runtime.digest !== undefined && <Copyable text={runtime.digest} label="the digest of the image" />}
    {runtime.version !== undefined && <div>version {runtime.version}</div>}
    {runtime.packages !== undefined && (
      <div>
        packages <code>{runtime.packages.slice(0, 12)}</code>
      </div>
    )}
  </>
);
