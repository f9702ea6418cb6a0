// All backends and how each stands.
import type { BackendSummary } from '@glovebox/store';
import { Columns, Moment, Notice, Table } from '@glovebox/ui';
import { backendHref } from '../pages/links.js';
import { SitePage } from '../pages/site-layout.js';
import { summaryWords } from './state.js';

export const BackendsPage = ({
  backends,
  now,
}: {
  readonly backends: readonly BackendSummary[];
  readonly now: string;
}) => (
  <SitePage title="Backends" crumbs={[{ text: 'Glovebox', href: '/' }, { text: 'Backends' }]} jsonHref="/backends.json">
    <div class="intro">
      <h1>Backends</h1>
      <p class="quiet">A backend is a secure site that holds data and runs jobs beside it.</p>
    </div>
    {backends.length === 0 ? (
      <Notice>
        <p>No backend is registered yet.</p>
      </Notice>
    ) : (
      <Table label="Backends">
        <Columns of={['Backend', 'State', 'Data', 'Last seen']} />
        <tbody>
          {backends.map((backend) => (
            <tr>
              <th scope="row">
                <a href={backendHref(backend)}>{backend.name}</a>
              </th>
              <td>{summaryWords(backend, now)}</td>
              <td>{backend.isSynthetic ? 'Synthetic' : 'Real patients'}</td>
              <td class="moment">{backend.lastSeenAt === null ? 'never' : <Moment at={backend.lastSeenAt} />}</td>
            </tr>
          ))}
        </tbody>
      </Table>
    )}
  </SitePage>
);
