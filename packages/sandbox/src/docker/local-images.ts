// What a Docker engine already has under the names that people use. A name can be moved to another image, so each is turned into
// what the image is at once, and only that is run.
import type Docker from 'dockerode';
import { connect, isStatus, unreachable } from './engine.js';

export interface LocalImage {
  /** The name that it was found by. */
  readonly name: string;
  /** `name@sha256:...` with the image's own identity, as `ConfinedCommand` takes it. */
  readonly image: string;
  /** The program that it starts by itself; undefined unless it is one word that is an absolute path. */
  readonly program: string | undefined;
}

/**
 * The first of these names that the engine has; nothing is fetched.
 *
 * @param names such as `python:v2`
 * @throws ProblemError when no engine answers
 */
export async function findLocalImage(names: readonly string[], socketPath: string): Promise<LocalImage | undefined> {
  const engine = await connect(socketPath);
  for (const name of names) {
    const found = await inspect(engine, name, socketPath);
    if (!found) continue;
    const entry: unknown = found.Config?.Entrypoint;
    const [program, ...more] = Array.isArray(entry) ? entry.map(String) : [];
    const isProgram = program !== undefined && program.startsWith('/') && more.length === 0;
    return { name, image: `${name.replace(/:[^/:]*$/, '')}@${found.Id}`, program: isProgram ? program : undefined };
  }
  return undefined;
}

async function inspect(engine: Docker, name: string, socketPath: string): Promise<Docker.ImageInspectInfo | undefined> {
  try {
    return await engine.getImage(name).inspect();
  } catch (error) {
    if (isStatus(error, 400, 404)) return undefined;
    throw unreachable(socketPath, error);
  }
}

/** The names of all its images, with their versions. Throws ProblemError when no engine answers. */
export async function listLocalImages(socketPath: string): Promise<readonly string[]> {
  const engine = await connect(socketPath);
  try {
    const images = await engine.listImages();
    return images.flatMap(({ RepoTags }) => RepoTags ?? []).sort();
  } catch (error) {
    throw unreachable(socketPath, error);
  }
}
