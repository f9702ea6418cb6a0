// The paragraph that tells a reader who has never seen such a page what happened here, and what the two levels mean.
import { type JobRequestView, type PrivacyLevel, privacyLevels } from '@glovebox/record';
import { count, Disclosure, LevelChip, levelWords } from '@glovebox/ui';
import { countsInWords } from './jobs-table.js';

function whatRan(request: JobRequestView): string {
  if (request.jobs.length === 0 && request.withoutJob.length > 0)
    return `asked for ${count(request.withoutJob.length, 'action')} of the workspace ${request.workspace}`;
  const asked = request.jobs.filter((job) => job.origin === 'requested').length;
  const along = request.jobs.length - asked;
  const came =
    along === 0
      ? ''
      : `; ${along.toLocaleString('en-GB')} more came along because ${asked === 1 ? 'it needs' : 'those need'} their outputs`;
  return `asked for ${count(asked, 'action')} of the workspace ${request.workspace}${came}`;
}

const whichData = ({ backend }: JobRequestView): string =>
  backend.isSynthetic
    ? `The code runs at ${backend.name} on synthetic data, made up by a program: no real patient is in it.`
    : `The code runs at ${backend.name} on real patient data, inside a secure environment that the data never leaves; the people who wrote the code do not see that data.`;

function howItStands(request: JobRequestView): string {
  if (request.status === 'nothing_to_do')
    return 'There was nothing to do: every action asked for is up to date or already on its way.';
  if (request.status === 'refused') return 'The request was refused, so nothing ran.';
  const counts = countsInWords(request.jobCounts);
  if (request.completedAt === null) return `So far, of its ${count(request.jobs.length, 'job')}: ${counts}.`;
  const cancelled = request.jobs.filter(({ code }) => code === 'cancelled_by_user').length;
  if (cancelled === 0) return `All its jobs have ended: ${counts}.`;
  const whose =
    cancelled === request.jobCounts.failed
      ? 'what failed was cancelled'
      : `${count(cancelled, 'job')} of those that failed ${cancelled === 1 ? 'was' : 'were'} cancelled`;
  return `All its jobs have ended: ${counts}; ${whose}.`;
}

const outputs =
  'What the jobs make stays there, kept by privacy level; a file comes out only when two reviewers approve it.';

export const Account = ({ request }: { readonly request: JobRequestView }) => (
  <p>
    {request.requestedBy.name} of {request.organisation.name} {whatRan(request)}. {whichData(request)}{' '}
    {howItStands(request)} {outputs}
  </p>
);

/** The actions that the request reached and that did not run for it, each with the job that stands for it. */
export const WithoutJobs = ({ request }: { readonly request: JobRequestView }) =>
  request.withoutJob.length === 0 ? null : (
    <Disclosure summary={`${count(request.withoutJob.length, 'action')} that did not have to run`}>
      <ul>
        {request.withoutJob.map(({ action, job, words }) => (
          <li>
            {action}: <a href={`/jobs/${job}`}>{words}</a>
          </li>
        ))}
      </ul>
    </Disclosure>
  );

/** The levels that this pipeline uses, and the two that every reader should know. */
export const LevelMeanings = ({ request }: { readonly request: JobRequestView }) => {
  const used = new Set<PrivacyLevel>(request.actions.flatMap((a) => a.outputs.map((output) => output.level)));
  const shown = privacyLevels.filter((level) => level !== 'minimally_sensitive' || used.has(level));
  return (
    <dl class="meanings">
      {shown.map((level) => (
        <>
          <dt>
            <LevelChip level={level} />
          </dt>
          <dd>{levelWords[level].meaning}</dd>
        </>
      ))}
    </dl>
  );
};
