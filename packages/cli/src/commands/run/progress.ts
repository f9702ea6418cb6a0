// Shows what is going on while actions run: a list that redraws itself where a person watches, otherwise a line for each event.
import type { Terminal } from '../../command-line.js';

export interface Progress {
  /** An action went on to something else. */
  say(action: string, message: string): void;
  start(action: string): void;
  end(action: string, end: 'succeeded' | 'failed' | 'stopped'): void;
  /** Takes the list away. */
  close(): void;
}

/** The time in front of a line, when lines are to have one. */
export const stampOf = (now: Date): string => `${now.toISOString().replace('T', ' ')} `;

/** A line for each event on standard output. */
export function plainProgress(terminal: Terminal, hasTimestamps: boolean): Progress {
  return {
    say: (action, message) => terminal.out(`${hasTimestamps ? stampOf(new Date()) : ''}${action}: ${message}\n`),
    start: () => undefined,
    end: () => undefined,
    close: () => undefined,
  };
}

interface Row {
  state: 'waiting' | 'running' | 'succeeded' | 'failed' | 'stopped';
  message: string;
  startedAt: number;
  endedAt: number;
}

const marks = { waiting: ' ', running: '>', succeeded: '+', failed: 'x', stopped: '-' } as const;

/**
 * The list as text: a line for each action while it fits, otherwise for those that are running, then a line of counts.
 *
 * @param mostLines how many lines there is room for
 */
export function listText(rows: ReadonlyMap<string, Readonly<Row>>, now: number, mostLines: number): string {
  const all = [...rows];
  const running = all.filter(([, { state }]) => state === 'running');
  const shown = all.length < mostLines ? all : running.slice(0, mostLines - 1);
  const width = Math.max(0, ...shown.map(([name]) => name.length));
  const lines = shown.map(([name, { state, message, startedAt, endedAt }]) => {
    const seconds = state === 'waiting' ? '' : `${(((endedAt || now) - startedAt) / 1000).toFixed(0)} s`;
    const words = state === 'running' ? message : state;
    return `${marks[state]} ${name.padEnd(width)}  ${seconds.padStart(6)}  ${words}`.trimEnd();
  });
  const count = (state: Row['state']): number => all.filter(([, row]) => row.state === state).length;
  const failed = count('failed') > 0 ? `, ${count('failed')} failed` : '';
  lines.push(`${count('succeeded')} of ${all.length} done${failed}, ${running.length} running`);
  return lines.join('\n');
}

/** @param draw replaces what it drew before */
export function liveProgress(
  actions: readonly string[],
  draw: (text: string) => void,
  clear: () => void,
  mostLines: number,
): Progress {
  const rows = new Map<string, Row>(
    actions.map((name) => [name, { state: 'waiting', message: '', startedAt: 0, endedAt: 0 }]),
  );
  const redraw = (): void => draw(listText(rows, Date.now(), mostLines));
  const timer = setInterval(redraw, 500).unref();
  function change(action: string, to: Partial<Row>): void {
    const row = rows.get(action);
    if (row) rows.set(action, { ...row, ...to });
    redraw();
  }
  return {
    say: (action, message) => change(action, { message }),
    start: (action) => change(action, { state: 'running', startedAt: Date.now() }),
    end: (action, state) => change(action, { state, endedAt: Date.now() }),
    close() {
      clearInterval(timer);
      clear();
    },
  };
}
