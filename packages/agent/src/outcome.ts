// Says in the wire's closed words how a job ended. From the manifest only numbers, codes and a digest are taken; the names
// in it stay here.
import { CommandLost } from '@glovebox/record';
import { memoryInSteps, type RunDefinition, type TaskResult } from '@glovebox/wire';
import type { Manifest, RunUsage } from '@glovebox/execution';
import { type Identities, megabytes } from './backend-report.js';

type Ending = Omit<TaskResult, 'agent' | 'fence'>;

function outcomeOf(manifest: Manifest): Ending['outcome'] {
  const { outcome } = manifest;
  switch (outcome.code) {
    case 'succeeded':
      return { code: 'succeeded', excludedFiles: manifest.outputs.filter((o) => o.excluded !== null).length };
    case 'unmatched_patterns':
      return { code: 'unmatched_patterns', nearMisses: manifest.nearMisses.length };
    case 'nonzero_exit':
    case 'job_error':
      return outcome;
  }
  return outcome satisfies never;
}

/**
 * Two digits and zeros. A number of bytes is whatever the action wants it to be, so the exact one could be an identifier.
 */
const roughly = (bytes: number): number => Number(bytes.toPrecision(2));

function usageOf(usage: RunUsage): NonNullable<Ending['usage']> {
  return {
    wallMilliseconds: usage.wallMilliseconds,
    ...(usage.cpuMilliseconds === null ? {} : { cpuMilliseconds: usage.cpuMilliseconds }),
    ...(usage.peakMemoryBytes === null ? {} : { peakMemoryMegabytes: memoryInSteps(usage.peakMemoryBytes) }),
    memoryLimitMegabytes: megabytes(usage.memoryLimitBytes),
  };
}

/**
 * @param run tells which labels are declared; a label that is not among them is not repeated
 * @param identities what stands for each image here; told for what ran
 */
export function endingOf(manifest: Manifest, digest: string, run: RunDefinition, identities: Identities = {}): Ending {
  const runtime =
    manifest.runtime === null
      ? undefined
      : (manifest.program ?? identities[`${run.image}:${run.tag}`] ?? identities[run.image]);
  const declared = manifest.patterns.filter(({ level, name }) => Object.hasOwn(run.outputs[level] ?? {}, name));
  return {
    outcome: outcomeOf(manifest),
    outputs: declared.map(({ level, name, files, bytes }) => ({ level, name, files, bytes: roughly(bytes) })),
    manifest: digest,
    ...(manifest.usage ? { usage: usageOf(manifest.usage) } : {}),
    ...(runtime ? { runtime } : {}),
    ...(isTold(manifest.read) ? { read: [...manifest.read] } : {}),
    ...(manifest.dataRelease === null ? {} : { dataRelease: manifest.dataRelease }),
  };
}

/** Beyond what the wire takes, every file counts. */
const isTold = (read: readonly string[] | undefined): read is readonly string[] =>
  read !== undefined && read.length <= 5000 && read.every((path) => path !== '' && path.length <= 500);

/** The end of a job that could not be completed because of a fault here. */
export function faultEnding(error: unknown): Ending {
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? '';
  const lost = error instanceof CommandLost ? 'executor_lost' : undefined;
  const reason = lost ?? (Object.hasOwn(diskReasons, code) ? diskReasons[code] : undefined);
  return { outcome: reason ? { code: 'job_error', reason } : { code: 'internal_error' }, outputs: [] };
}

const diskReasons: Readonly<Record<string, 'disk_full' | 'disk_unwritable'>> = {
  ENOSPC: 'disk_full',
  EDQUOT: 'disk_full',
  EROFS: 'disk_unwritable',
};
