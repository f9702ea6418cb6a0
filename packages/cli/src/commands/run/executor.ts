// What confines actions on this machine, and what stands for the images that studies name: with bubblewrap the interpreters of the
// machine, with Docker images that the engine has already.
import { existsSync } from 'node:fs';
import { defaultRuntimes, openPrograms, type ImageRuntime, type Programs, type Runtimes } from '@glovebox/execution';
import type { ImageIdentity, Problem, Sandbox } from '@glovebox/record';
import { bubblewrapSandbox, dockerSandbox, findLocalImage } from '@glovebox/sandbox';
import { programsFolder } from './reusable-code.js';

export const executorNames = ['bubblewrap', 'docker'] as const;
export type ExecutorName = (typeof executorNames)[number];

/** What stands for an image. */
export interface StandIn {
  readonly runtime: string | ImageRuntime;
  /** A program of this machine by its version and packages. */
  readonly program?: ImageIdentity;
  /** Differs when something else stands for the image; an action that was made with the other is made again. */
  readonly identity: string | null;
}
/** By image and version, `python:v2`. */
export type StandIns = ReadonlyMap<string, StandIn>;

interface Named {
  readonly image: string;
  readonly tag: string;
}

export interface Executor {
  readonly name: ExecutorName;
  readonly sandbox: Sandbox;
  /** Why it can't be used here. */
  readonly refusal: Problem | undefined;
  /** Those of these images that something stands for. ehrQL is built in, so it is never among them. */
  standInsFor(images: readonly Named[]): Promise<StandIns>;
}

/** The engine that Docker's own command would use, where that is on this machine. */
export const dockerSocket = (): string =>
  /^unix:\/\/(\/.+)$/.exec(process.env['DOCKER_HOST'] ?? '')?.[1] ?? '/var/run/docker.sock';

/** Where images are pulled from; studies leave it out. */
export const imagePrefix = (): string => process.env['GLOVEBOX_IMAGES'] ?? 'ghcr.io/opensafely-core/';

/**
 * @param name when absent, bubblewrap where it works, otherwise Docker where that works
 * @param owner names whose containers they are, the same at the next start
 */
export async function openExecutor(name: ExecutorName | undefined, owner: string): Promise<Executor> {
  if (name === 'docker') return docker(owner);
  const first = await bubblewrap();
  if (name === 'bubblewrap' || !first.refusal) return first;
  const second = await docker(owner);
  return second.refusal ? first : second;
}

async function bubblewrap(): Promise<Executor> {
  const sandbox = bubblewrapSandbox();
  const programs = openPrograms(programsFolder());
  return {
    name: 'bubblewrap',
    sandbox,
    refusal: await sandbox.probe(),
    standInsFor: (images) => findEach(images, ({ image }) => interpreterFor(image, programs)),
  };
}

async function docker(owner: string): Promise<Executor> {
  const socketPath = dockerSocket();
  const sandbox = dockerSandbox({ owner, socketPath });
  const refusal = await sandbox.probe();
  return {
    name: 'docker',
    sandbox,
    refusal,
    standInsFor: (images) => findEach(images, refusal ? async () => undefined : (named) => imageFor(named, socketPath)),
  };
}

async function findEach(
  images: readonly Named[],
  find: (named: Named) => Promise<StandIn | undefined>,
): Promise<StandIns> {
  const named = new Map(images.map((one) => [`${one.image}:${one.tag}`, one]));
  named.forEach(({ image }, key) => image === 'ehrql' && named.delete(key));
  const found = await Promise.all([...named].map(async ([key, one]) => [key, await find(one)] as const));
  return new Map(found.filter((entry): entry is [string, StandIn] => entry[1] !== undefined));
}

async function interpreterFor(image: string, programs: Programs): Promise<StandIn | undefined> {
  const runtime = Object.hasOwn(defaultRuntimes, image) ? defaultRuntimes[image] : undefined;
  if (runtime === undefined || !existsSync(runtime)) return undefined;
  const program = await programs.identify(runtime);
  const { version, packages } = program;
  const isKnown = version !== undefined || packages !== undefined;
  return { runtime, program, identity: isKnown ? `${version ?? ''} ${packages ?? ''}` : null };
}

async function imageFor({ image, tag }: Named, socketPath: string): Promise<StandIn | undefined> {
  const name = `${image}:${tag}`;
  const found = await findLocalImage([imagePrefix() + name, name], socketPath);
  const program = found?.program ?? defaultRuntimes[image];
  if (!found || program === undefined) return undefined;
  return { runtime: { image: found.image, program }, identity: found.image.replace(/^.*@/, '') };
}

/** As what runs an action takes it. */
export const runtimesOf = (standIns: StandIns): Runtimes =>
  Object.fromEntries([...standIns].map(([name, { runtime }]) => [name, runtime]));
