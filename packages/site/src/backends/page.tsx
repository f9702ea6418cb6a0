// One backend: whether it runs jobs and why not, how full it is, what it runs them with.
import type { PoolStatus } from '@glovebox/store';
import { Columns, Copyable, FactLine, Facts, Moment, Notice, Table } from '@glovebox/ui';
import { SitePage } from '../pages/site-layout.js';
import { megabytes } from '../pages/job/usage.js';
import { backendHref } from '../pages/links.js';
import { Controls } from './controls.js';
import { Rules } from './rules.js';
import { hindrances } from './state.js';
import type { BackendView } from './view.js';

const Pools = ({ view }: { readonly view: BackendView }) => {
  const rows: readonly (readonly [string, PoolStatus])[] = [
    ['Actions that query the database', view.pools.database],
    ['Other actions', view.pools.other],
  ];
  return (
    <Table label="Places">
      <Columns
        of={[
          'Kind',
          { number: 'Places' },
          { number: 'Taken' },
          { number: 'Free' },
          { number: 'Running' },
          { number: 'Ready and waiting' },
        ]}
      />
      <tbody>
        {rows.map(([kind, { size, running, runningWeight, ready }]) => (
          <tr>
            <th scope="row">{kind}</th>
            <td class="number">{size ?? <span class="quiet">not known</span>}</td>
            <td class="number">{runningWeight}</td>
            <td class="number">{size === null ? '' : Math.max(0, size - runningWeight)}</td>
            <td class="number">{running}</td>
            <td class="number">{ready}</td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
};

const Images = ({ images }: { readonly images: NonNullable<BackendView['agent']>['images'] }) => (
  <Table label="Images">
    <Columns of={['Image', 'What stands for it']} />
    <tbody>
      {Object.entries(images)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([image, { digest, version, packages }]) => (
          <tr>
            <th scope="row">
              <code>{image}</code>
            </th>
            <td>
              {digest !== undefined && <Copyable text={digest} label={`the digest of ${image}`} />}
              {digest === undefined && version !== undefined && `version ${version}`}
              {packages !== undefined && (
                <div class="small quiet">
                  list of packages <code>sha256:{packages}</code>
                </div>
              )}
            </td>
          </tr>
        ))}
    </tbody>
  </Table>
);

const Agent = ({ agent }: { readonly agent: BackendView['agent'] }) =>
  agent === null ? (
    <Notice>
      <p>Its agent has not said yet what it runs actions with. It does when it starts.</p>
    </Notice>
  ) : (
    <div class="stack">
      <Facts
        wide
        facts={[
          ['Executor', agent.executor],
          ['Data release', agent.dataRelease === null ? 'none' : <code>{agent.dataRelease}</code>],
          ['Memory of one action', `at most ${megabytes(agent.limits.memoryMegabytes)}`],
          ['Processors of one action', `at most ${agent.limits.processors}`],
          agent.limits.wallSeconds === undefined
            ? null
            : ['Time of one action', `at most ${agent.limits.wallSeconds.toLocaleString('en-GB')} seconds`],
          agent.reportedAt === null ? null : ['Reported', <Moment at={agent.reportedAt} />],
        ]}
      />
      {Object.keys(agent.images).length > 0 && <Images images={agent.images} />}
    </div>
  );

/** @param now ISO 8601 */
export const BackendPage = ({ view, now }: { readonly view: BackendView; readonly now: string }) => {
  const found = hindrances(view, now);
  return (
    <SitePage
      title={view.name}
      crumbs={[{ text: 'Glovebox', href: '/' }, { text: 'Backends', href: '/backends' }, { text: view.name }]}
      jsonHref={`${backendHref(view)}.json`}
      isPublic={view.operation === null}
      live={{ events: `${backendHref(view)}/events`, isActive: true }}
    >
      <div class="intro">
        <h1>{view.name}</h1>
        <FactLine
          facts={[
            ['Data', view.isSynthetic ? 'synthetic, made up by a program' : 'real patients'],
            ['Last seen', view.lastSeenAt === null ? 'never' : <Moment at={view.lastSeenAt} />],
            view.pausedSince === null ? null : ['Paused', <Moment at={view.pausedSince} />],
            view.maintenance.since === null ? null : ['Maintenance', <Moment at={view.maintenance.since} />],
            ['Jobs', `${view.openJobs.running} running, ${view.openJobs.pending} pending`],
          ]}
        />
        {found.length === 0 ? (
          <p>It runs jobs.</p>
        ) : (
          <Notice isBad>
            {found.map((sentence) => (
              <p>{sentence}</p>
            ))}
          </Notice>
        )}
      </div>
      <section class="stack">
        <h2>Places</h2>
        <Pools view={view} />
      </section>
      <section>
        <h2>What it runs jobs with</h2>
        <Agent agent={view.agent} />
      </section>
      {view.operation && <Controls view={view} />}
      {view.operation && <Rules operation={view.operation} />}
    </SitePage>
  );
};
