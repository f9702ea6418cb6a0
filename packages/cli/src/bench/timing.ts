// What a benchmark measures of a run, and how it is printed. Several runs are summed up by their median: a machine is
// never quite idle, and ratios are only formed of runs of one program.
export interface Time {
  readonly seconds: number;
  /** Seconds of processors: what stays comparable on a machine that is busy with other things. */
  readonly processor: number;
}

/** Starts a clock; the function that it gives reads it. */
export function clock(): () => Time {
  const [started, used] = [performance.now(), process.cpuUsage()];
  return () => {
    const { user, system } = process.cpuUsage(used);
    return { seconds: (performance.now() - started) / 1000, processor: (user + system) / 1e6 };
  };
}

/** The median run of so many, by processor time; of an even number the quicker of the two in the middle. */
export async function median<T extends Time>(times: number, run: () => Promise<T>): Promise<T> {
  const runs: T[] = [];
  for (let at = 0; at < times; at++) runs.push(await run());
  runs.sort((a, b) => a.processor - b.processor);
  return runs[Math.floor((runs.length - 1) / 2)]!;
}

export const print = (label: string, value: string): void => console.log(`${label.padEnd(48)} ${value}`);

export const timeText = ({ seconds, processor }: Time): string =>
  `${seconds.toFixed(2)} s, ${processor.toFixed(2)} s of processors`;

/** How many times one takes what another takes, if that is done so many times. */
export function ratio(a: Time, b: Time, times = 1): string {
  const one = (x: number, y: number): string => (x / (times * y)).toFixed(2);
  return `${one(a.seconds, b.seconds)}, in processor time ${one(a.processor, b.processor)}`;
}

export const megabytes = (kilobytes: number): string => `${Math.round(kilobytes / 1024).toLocaleString('en')} MB`;
