// Tells whoever waits in this process that something was committed: pages that show a request or a backend live, and agents
// that wait for work. A change says only that, never what: the listener reads the database again. Changes that come while a
// listener is busy are delivered as one, so a slow reader can't pile them up.

export interface Changes {
  /** Call after the transaction, never inside. */
  publish(touched: Touched): void;
  /** Yields once for every change (or several together) of the request until the signal aborts. */
  ofRequest(number: number, signal: AbortSignal): AsyncGenerator<void, void, undefined>;
  /** Likewise of how a backend stands. */
  ofBackend(backend: number, signal: AbortSignal): AsyncGenerator<void, void, undefined>;
  /** A wait for work on a backend; make it before looking for work, so that nothing is missed in between. */
  awaitWork(backend: number): WorkWait;
}

export interface WorkWait {
  /** Resolves at the next sign of work, after the time, or on abort. */
  until(milliseconds: number, signal: AbortSignal): Promise<void>;
  cancel(): void;
}

export interface Touched {
  readonly requests: ReadonlySet<number>;
  /** Backends that have new work. */
  readonly backends: ReadonlySet<number>;
  /** Backends that stand otherwise than before, whether or not there is new work. */
  readonly standings: ReadonlySet<number>;
}

type Listeners = Map<number, Set<() => void>>;

function listen(listeners: Listeners, key: number, listener: () => void): () => void {
  const set = listeners.get(key) ?? new Set();
  listeners.set(key, set);
  set.add(listener);
  return () => {
    set.delete(listener);
    if (set.size === 0 && listeners.get(key) === set) listeners.delete(key);
  };
}

const call = (listeners: Listeners, keys: ReadonlySet<number>): void => {
  for (const key of keys) for (const listener of listeners.get(key) ?? []) listener();
};

interface Flag {
  readonly raise: () => void;
  /** Waits until it is up, and takes it down. */
  readonly take: () => Promise<void>;
}

function createFlag(): Flag {
  let isUp = false;
  let wake: () => void = () => {};
  return {
    raise: () => {
      isUp = true;
      wake();
    },
    take: async () => {
      if (!isUp) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      isUp = false;
    },
  };
}

async function* eachChange(
  listeners: Listeners,
  number: number,
  signal: AbortSignal,
): AsyncGenerator<void, void, undefined> {
  const flag = createFlag();
  const stop = listen(listeners, number, flag.raise);
  signal.addEventListener('abort', flag.raise, { once: true });
  try {
    while (!signal.aborted) {
      await flag.take();
      if (!signal.aborted) yield;
    }
  } finally {
    stop();
    signal.removeEventListener('abort', flag.raise);
  }
}

function workWait(listeners: Listeners, backend: number): WorkWait {
  const flag = createFlag();
  const stop = listen(listeners, backend, flag.raise);
  return {
    async until(milliseconds, signal) {
      const timer = setTimeout(flag.raise, milliseconds);
      signal.addEventListener('abort', flag.raise, { once: true });
      if (!signal.aborted) await flag.take();
      clearTimeout(timer);
      signal.removeEventListener('abort', flag.raise);
    },
    cancel: stop,
  };
}

export function createChanges(): Changes {
  const byRequest: Listeners = new Map();
  const byBackend: Listeners = new Map();
  const byStanding: Listeners = new Map();
  return {
    publish(touched) {
      call(byRequest, touched.requests);
      call(byBackend, touched.backends);
      call(byStanding, new Set([...touched.backends, ...touched.standings]));
    },
    ofRequest: (number, signal) => eachChange(byRequest, number, signal),
    ofBackend: (backend, signal) => eachChange(byStanding, backend, signal),
    awaitWork: (backend) => workWait(byBackend, backend),
  };
}
