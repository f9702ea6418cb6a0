// Reads which executor confines the actions of an agent, with what stands for each image that studies name: only one of
// `runtimes` and `images` means anything.
import { defaultRuntimes } from '@glovebox/execution';
import type { Configuration } from './configuration.js';
import { mapFields, type Fields, type Reader } from './configuration-reader.js';

const kinds = ['bubblewrap', 'docker', 'slurm'] as const;
const defaults = { socket: '/var/run/docker.sock', processors: 2 };

type Chosen = Pick<Configuration, 'executor' | 'runtimes'>;

export function readExecutor(document: Fields, read: Reader): Chosen {
  const kind = read.oneOf(document, 'executor', kinds, 'bubblewrap');
  if (kind === 'docker') return readDocker(document, read);
  const runtimes = read.fields(document, 'runtimes', defaultRuntimes);
  const programs = mapFields(runtimes, (image) => read.path(runtimes, image));
  if (kind === 'slurm') return { executor: readSlurm(document, read), runtimes: programs };
  read.refuseAny(document, ['images', 'docker', 'slurm']);
  return { executor: { kind: 'bubblewrap' }, runtimes: programs };
}

function readSlurm(document: Fields, read: Reader): Configuration['executor'] {
  read.refuseAny(document, ['images', 'docker']);
  const slurm = read.fields(document, 'slurm', {}) ?? {};
  read.refuseOthers(slurm, ['configuration', 'partition', 'account'], 'slurm.');
  const name = (key: string) =>
    slurm[key] === undefined ? {} : { [key]: read.text(slurm, key, 'a name that Slurm knows', /^[\w.,-]{1,100}$/) };
  const { configuration } = slurm;
  return {
    kind: 'slurm',
    ...(configuration === undefined ? {} : { configurationFile: read.path(slurm, 'configuration') }),
    ...name('partition'),
    ...name('account'),
  };
}

function readDocker(document: Fields, read: Reader): Chosen {
  read.refuseAny(document, ['runtimes', 'slurm']);
  const docker = read.fields(document, 'docker', {});
  read.refuseOthers(docker, Object.keys(defaults), 'docker.');
  const images = read.images(document, 'images');
  return {
    executor: {
      kind: 'docker',
      socketPath: read.path(docker, 'socket', defaults.socket),
      processors: read.number(docker, 'processors', defaults.processors, 1),
    },
    runtimes: mapFields(images ?? {}, (name) => {
      const image = read.fields(images, name);
      read.refuseOthers(image ?? {}, ['name', 'digest', 'program'], `images.${name}.`);
      const usual = defaultRuntimes[name.split(':')[0] ?? ''];
      const local = read.text(image ?? {}, 'name', 'the name of an image without its tag', /^[a-z0-9][a-z0-9._:/-]*$/);
      const digest = read.text(image ?? {}, 'digest', 'sha256: and 64 hexadecimal digits', /^sha256:[0-9a-f]{64}$/);
      return { image: `${local}@${digest}`, program: read.path(image ?? {}, 'program', usual) };
    }),
  };
}
