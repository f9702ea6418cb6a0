// The files of a small image, taken from this machine: sh, the core utilities, Python with its standard library, and the
// libraries that they load. Programs that run as root for anybody are among them, because a test tries to use them.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, lstatSync, readdirSync, readlinkSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';

const programs =
  'sh dash cat chmod cp dd echo env false head id kill ls mkdir mktemp mv nproc printf rm rmdir seq setsid sleep sort tail touch tr true uname wc yes python3 mount su passwd chsh'
    .split(' ')
    .map((name) => `/usr/bin/${name}`);

const omitted = ['__pycache__', 'test', 'idlelib', 'ensurepip', 'config-3*', 'dist-packages'];

/** A path with the links on the way to what it stands for. */
function withTargets(path: string): string[] {
  // /bin, /lib and the like are links into /usr.
  const here = join(realpathSync(dirname(path)), path.slice(dirname(path).length));
  return lstatSync(here).isSymbolicLink() ? [here, ...withTargets(resolve(dirname(here), readlinkSync(here)))] : [here];
}

function librariesOf(files: readonly string[]): string[] {
  const { stdout } = spawnSync('/usr/bin/ldd', files, { encoding: 'utf8' });
  return [...new Set(stdout.match(/\/[^\s:]+\.so[^\s:]*(?= \()/g))];
}

/** A tar stream, to be imported as an image. */
export function smallImage(): Readable {
  const present = programs.filter((program) => existsSync(program));
  const python = realpathSync('/usr/bin/python3');
  const standardLibrary = join('/usr/lib', python.slice(python.lastIndexOf('/') + 1));
  const extensions = readdirSync(join(standardLibrary, 'lib-dynload')).map((name) =>
    join(standardLibrary, 'lib-dynload', name),
  );
  const libraries = librariesOf([...present, ...extensions]);
  const links = ['/bin', '/sbin', '/lib', '/lib64'].filter((path) => existsSync(path));
  const files = [...links, ...[...present, ...libraries].flatMap(withTargets), standardLibrary];
  const words = ['--create', '--directory=/', '--numeric-owner', '--owner=0', '--group=0'];
  const names = [...new Set(files)].map((path) => path.slice(1));
  const tar = spawn('/usr/bin/tar', [...words, ...omitted.map((name) => `--exclude=${name}`), '--', ...names], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return tar.stdout;
}
