// For staff: the rules by which actions take up places and get resources, in the order in which they are tried.
import { Columns, Facts, Table } from '@glovebox/ui';
import { megabytes } from '../pages/job/usage.js';
import type { BackendView } from './view.js';

export const Rules = ({ operation }: { readonly operation: NonNullable<BackendView['operation']> }) => {
  const { scheduling, diskFree } = operation;
  const rules = scheduling.rules ?? [];
  return (
    <section class="stack">
      <h2>Configuration</h2>
      <Facts
        wide
        facts={[
          [
            'Places',
            scheduling.pools
              ? `${scheduling.pools.database} for the database, ${scheduling.pools.other} others, as configured`
              : 'as many as the agent reports',
          ],
          ['Room on the disk', diskFree === null ? 'not known' : diskFree.replaceAll('-', ' ').replace('gb', 'GB')],
        ]}
      />
      {rules.length === 0 ? (
        <p class="quiet">No rule gives actions other weights or resources.</p>
      ) : (
        <Table label="Rules">
          <Columns
            of={[
              'Actions',
              { number: 'Weight' },
              { number: 'Memory' },
              { number: 'Seconds' },
              { number: 'Processors' },
            ]}
          />
          <tbody>
            {rules.map((rule) => (
              <tr>
                <th scope="row">
                  <code>{rule.action ?? rule.command}</code>
                  <div class="small quiet">
                    {rule.action === undefined ? 'by command' : 'by name'}
                    {rule.workspace !== undefined && `, in ${rule.workspace}`}
                  </div>
                </th>
                <td class="number">{rule.weight ?? ''}</td>
                <td class="number">{rule.memoryMegabytes === undefined ? '' : megabytes(rule.memoryMegabytes)}</td>
                <td class="number">{rule.wallSeconds?.toLocaleString('en-GB') ?? ''}</td>
                <td class="number">{rule.processors ?? ''}</td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
    </section>
  );
};
