// Samples what a running container uses, since the engine forgets it when the container ends.
//
// Seldom enough to cost nothing beside an action of minutes, soon enough at the start to say something about one of a second.
import type Docker from 'dockerode';

export interface SampledUsage {
  readonly cpuSeconds?: number;
  readonly peakMemoryBytes?: number;
}

const pauses = [50, 100, 200, 400];
const lastPause = 1000;

interface Sample {
  readonly cpu_stats?: { readonly cpu_usage?: { readonly total_usage?: number } };
  readonly memory_stats?: { readonly usage?: number; readonly stats?: Readonly<Record<string, number>> };
}

/** @param onSample is told what was used so far, and the memory in use, each time that it was looked at */
export function sampleUsage(
  container: Docker.Container,
  onSample: (used: SampledUsage, memoryBytes: number) => void,
): { stop(): SampledUsage } {
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  let used: SampledUsage = {};
  let taken = 0;
  async function look(): Promise<void> {
    try {
      const sample = (await container.stats({ stream: false, 'one-shot': true })) as Sample;
      const bytes = memoryOf(sample);
      if (!isStopped) onSample((used = add(used, sample, bytes)), bytes);
    } catch {
      // It has ended meanwhile.
    }
    next();
  }
  function next(): void {
    if (!isStopped) timer = setTimeout(() => void look(), pauses[taken++] ?? lastPause);
  }
  next();
  return {
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
      return used;
    },
  };
}

function memoryOf({ memory_stats: memory }: Sample): number {
  const { stats = {}, usage = 0 } = memory ?? {};
  // Pages of files that could be dropped at once are no use of memory; the two versions of control groups name them so.
  return Math.max(0, usage - (stats['total_inactive_file'] ?? stats['inactive_file'] ?? 0));
}

function add(used: SampledUsage, { cpu_stats: cpu }: Sample, bytes: number): SampledUsage {
  const nanoseconds = cpu?.cpu_usage?.total_usage ?? 0;
  if (nanoseconds === 0 || bytes === 0) return used;
  return {
    cpuSeconds: Math.max(used.cpuSeconds ?? 0, nanoseconds / 1e9),
    peakMemoryBytes: Math.max(used.peakMemoryBytes ?? 0, bytes),
  };
}
