// The agent's own log, one JSON line an event on standard output. The fields are a closed list of things that are public or
// Glovebox's own: nothing that an action printed, named or computed has a field, so nothing of it can get into a log that
// operators send to others. Of an error only its kind and where it was thrown are kept, since its words may name files.
import { pino } from 'pino';

export interface LogFields {
  readonly agent?: string;
  readonly job?: string;
  readonly task?: string;
  readonly fence?: number;
  readonly phase?: string;
  readonly code?: string;
  readonly reason?: string;
  readonly milliseconds?: number;
  readonly status?: number;
  readonly attempt?: number;
  readonly database?: number;
  readonly other?: number;
  readonly leftovers?: number;
}

export interface Log {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields, error?: unknown): void;
}

const fieldNames: readonly (keyof LogFields)[] = [
  'agent',
  'job',
  'task',
  'fence',
  'phase',
  'code',
  'reason',
  'milliseconds',
  'status',
  'attempt',
  'database',
  'other',
  'leftovers',
];

const pick = (fields: LogFields): Record<string, unknown> =>
  Object.fromEntries(fieldNames.map((name) => [name, fields[name]]).filter(([, v]) => v !== undefined));

function kindOf(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return {};
  const where = (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 8)
    .map((line) => line.trim());
  return { error: error.name, errno: (error as NodeJS.ErrnoException).code, where };
}

export function openLog(): Log {
  const logger = pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ fd: 1, sync: true }),
  );
  return {
    info: (event, fields = {}) => logger.info(pick(fields), event),
    warn: (event, fields = {}, error) => logger.warn({ ...pick(fields), ...kindOf(error) }, event),
  };
}
