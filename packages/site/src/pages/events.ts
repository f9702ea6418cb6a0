// Server-sent events of one page: `change` whenever something that it shows changed, and nothing else, so that no
// second rendering of the state exists. Changes that come while one is being written count as one. A stream ends after a
// while (browsers come back by themselves), and only so many are open at once.
import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';

const heartbeatMilliseconds = 15_000;
const longestMilliseconds = 10 * 60_000;
const mostStreams = 500;

let openStreams = 0;

export const mayOpenStream = (): boolean => openStreams < mostStreams;

/** Waits for the next call of `wake`, at most the given time; a call between two waits is not lost. */
function bell() {
  let isRung = false;
  let wake: (() => void) | undefined;
  return {
    ring: () => {
      isRung = true;
      wake?.();
    },
    async wait(milliseconds: number): Promise<boolean> {
      if (!isRung) {
        let timer: NodeJS.Timeout | undefined;
        await new Promise<void>((resolve) => {
          wake = resolve;
          timer = setTimeout(resolve, milliseconds);
        });
        clearTimeout(timer);
        wake = undefined;
      }
      const rung = isRung;
      isRung = false;
      return rung;
    },
  };
}

/** @param changes yields when the page that is followed reads differently */
export function eventStream(c: Context, changes: (signal: AbortSignal) => AsyncIterable<unknown>): Response {
  const ended = new AbortController();
  const changed = bell();
  const listen = async () => {
    const seen = changes(ended.signal)[Symbol.asyncIterator]();
    while (!(await seen.next()).done) changed.ring();
  };
  return streamSSE(c, async (stream) => {
    openStreams += 1;
    const stop = () => {
      ended.abort();
      changed.ring();
    };
    const timer = setTimeout(stop, longestMilliseconds);
    stream.onAbort(stop);
    const listening = listen().catch(stop).then(stop);
    try {
      await stream.writeSSE({ event: 'hello', data: '' });
      while (!ended.signal.aborted) {
        const isChange = await changed.wait(heartbeatMilliseconds);
        if (ended.signal.aborted) break;
        if (isChange) await stream.writeSSE({ event: 'change', data: '' });
        else await stream.write(': still here\n\n');
      }
    } finally {
      clearTimeout(timer);
      stop();
      openStreams -= 1;
      await listening;
    }
  });
}
