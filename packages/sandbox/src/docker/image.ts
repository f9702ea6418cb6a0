// Finds an image that the engine already has by what it holds, not by a name that can be moved to another one.
import type Docker from 'dockerode';
import { ProblemError } from '@glovebox/record';
import { problem } from '../problems.js';
import { isStatus } from './engine.js';

export interface FoundImage {
  readonly id: string;
  readonly volumes: readonly string[];
}

/** `name@sha256:...`; the digest is the one under which it was pulled, or the image's own identity. */
const referencePattern = /^(?<name>[a-z0-9][a-z0-9._:/-]*)@(?<digest>sha256:[0-9a-f]{64})$/;

/**
 * Never pulls: what runs beside the data was put there on purpose.
 *
 * @throws ProblemError when the engine has no image of this digest
 */
export async function findImage(engine: Docker, reference: string | undefined): Promise<FoundImage> {
  if (reference === undefined) throw new ProblemError(problem('image-unnamed', []));
  const digest = referencePattern.exec(reference)?.groups?.['digest'];
  if (digest === undefined) throw new ProblemError(problem('image-reference-wrong', [reference]));
  for (const name of [reference, digest]) {
    const found = await inspect(engine, name);
    if (!found) continue;
    const digests = (found.RepoDigests ?? []).map((known) => known.slice(known.indexOf('@') + 1));
    if (found.Id !== digest && !digests.includes(digest)) continue;
    return { id: found.Id, volumes: Object.keys(found.Config?.Volumes ?? {}) };
  }
  throw new ProblemError(problem('image-missing', [reference]));
}

async function inspect(engine: Docker, name: string): Promise<Docker.ImageInspectInfo | undefined> {
  try {
    return await engine.getImage(name).inspect();
  } catch (error) {
    if (isStatus(error, 404)) return undefined;
    throw error;
  }
}
