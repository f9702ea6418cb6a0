// One stream to several readers, each of which gets the items meant for it. So that a pass over the data can fill one
// file for each measure. Readers that read together hold each other up rather than let items pile up; what comes for a
// reader that has not begun yet is kept, so that reading one after another works too, at the cost of memory.
export interface Addressed<T> {
  /** The place of the reader. */
  readonly to: number;
  readonly item: T;
}

/** So many items may wait for a reader. */
const mostWaiting = 4;

/**
 * The streams of `count` readers. Nothing is read from the source before the first of them is; each can be read once.
 * An error of the source reaches every reader that has not finished.
 */
export function fanOut<T>(source: AsyncIterable<Addressed<T>>, count: number): readonly AsyncIterable<T>[] {
  const iterator = source[Symbol.asyncIterator]();
  const readers = Array.from({ length: count }, () => ({ waiting: [] as T[], isReading: false, isClosed: false }));
  let failure: { readonly error: unknown } | undefined;
  let pulling: Promise<boolean> | undefined;
  let wake: (() => void) | undefined;

  async function pull(): Promise<boolean> {
    if (failure) throw failure.error;
    while (
      readers.some(({ waiting, isReading, isClosed }) => isReading && !isClosed && waiting.length >= mostWaiting)
    ) {
      await new Promise<void>((resolve) => (wake = resolve));
    }
    try {
      const next = await iterator.next();
      if (next.done === true) return false;
      const reader = readers[next.value.to]!;
      if (!reader.isClosed) reader.waiting.push(next.value.item);
      return true;
    } catch (error) {
      failure = { error };
      throw error;
    }
  }
  /** Moves the source on by one item, however many readers ask for it. */
  const advance = (): Promise<boolean> =>
    (pulling ??= pull().finally(() => {
      pulling = undefined;
    }));

  async function* read(reader: (typeof readers)[number]): AsyncGenerator<T> {
    reader.isReading = true;
    try {
      for (;;) {
        const item = reader.waiting.shift();
        if (item !== undefined) {
          wake?.();
          yield item;
        } else if (!(await advance()) && reader.waiting.length === 0) return;
      }
    } finally {
      reader.isClosed = true;
      reader.waiting.length = 0;
      wake?.();
      if (readers.every(({ isClosed }) => isClosed)) await iterator.return?.();
    }
  }
  return readers.map(read);
}
