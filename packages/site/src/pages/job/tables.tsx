// The two tables of a job's page: the states it went through, and the outputs that it declares.
import { type JobEventView, type JobView, statusCodes } from '@glovebox/record';
import { Columns, between, LevelChip, Moment, Span, StatusBadge, Table } from '@glovebox/ui';

export const States = ({
  events,
  now,
  isOpen,
}: {
  readonly events: readonly JobEventView[];
  readonly now: string;
  readonly isOpen: boolean;
}) => (
  <Table label="States over time">
    <Columns of={['Time', 'State', 'What happened', { number: 'For', unit: 'HH:MM:SS' }]} />
    <tbody>
      {events.map((event, i) => {
        const next = events[i + 1]?.at ?? (isOpen ? now : null);
        return (
          <tr>
            <td class="moment">
              <Moment at={event.at} />
            </td>
            <td>
              <StatusBadge status={event.state} />
            </td>
            <td>
              {statusCodes[event.code].message} <code class="quiet">{event.code}</code>
            </td>
            <td class="number">{next === null ? '' : <Span milliseconds={between(event.at, next)} />}</td>
          </tr>
        );
      })}
    </tbody>
  </Table>
);

export const Outputs = ({ job }: { readonly job: JobView }) => (
  <Table label="Outputs">
    <Columns of={['Level', 'Name', 'Path or pattern', { number: 'Files' }]} />
    <tbody>
      {job.outputs.map((output) => (
        <tr>
          <td>
            <LevelChip level={output.level} />
          </td>
          <td>{output.name}</td>
          <td>
            <code>{output.pattern}</code>
          </td>
          <td class="number">
            {output.files || <span class="quiet">{job.completedAt === null ? 'not yet' : 'not made'}</span>}
          </td>
        </tr>
      ))}
    </tbody>
  </Table>
);
