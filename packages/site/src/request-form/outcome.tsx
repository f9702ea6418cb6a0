// What would happen to one action: a word that can be found at a glance, then the reason.
import { reasonsWords } from '@glovebox/record';
import { Prose } from '@glovebox/ui';
import type { OfferedAction } from './offer.js';

export type OutcomeKind = 'run' | 'wait' | 'reuse' | 'current' | 'none';

export function outcomeKind({ entry }: OfferedAction): OutcomeKind {
  if (!entry) return 'none';
  if (entry.does !== 'reuse') return entry.does;
  return entry.isLatest && !entry.isInput ? 'current' : 'reuse';
}

const JobLink = ({ job }: { readonly job: string }) => (
  <a href={`/jobs/${job}`}>
    job <code>{job}</code>
  </a>
);

export const Outcome = ({ action }: { readonly action: OfferedAction }) => {
  const { entry } = action;
  if (!entry) return <span class="quiet">not asked for</span>;
  if (entry.does === 'run')
    return (
      <>
        <strong>Will run</strong>{' '}
        <span class="small">
          because <Prose text={reasonsWords(entry.reasons)} />
        </span>
      </>
    );
  const words = { wait: 'Waits for', reuse: 'Reused from', current: 'Up to date:', run: '', none: '' } as const;
  return (
    <>
      {words[outcomeKind(action)]} <JobLink job={entry.job} />
    </>
  );
};
