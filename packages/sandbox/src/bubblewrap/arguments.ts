// Spells a confined command as arguments of bwrap. Order matters: each argument is done in turn, so the root is made
// read-only last, after every mount point exists.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ConfinedCommand, Mount } from '@glovebox/record';
import { scratchBytes } from '../scratch.js';

const asset = (name: string) => fileURLToPath(new URL(`../../etc/${name}`, import.meta.url));

const systemFolders = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'];
// What R and Python read outside /usr on Debian and its relatives: no users, no keys, no addresses.
const systemSettings = [
  '/etc/R',
  '/etc/alternatives',
  '/etc/fonts',
  '/etc/ld.so.cache',
  '/etc/ld.so.conf',
  '/etc/ld.so.conf.d',
  '/etc/localtime',
  '/etc/matplotlibrc',
  '/etc/mime.types',
  '/etc/python3',
  '/etc/python3.10',
  '/etc/python3.11',
  '/etc/python3.12',
  '/etc/python3.13',
  '/etc/timezone',
  '/var/cache/fontconfig',
];

/** The host's folders that programs installed on the host need; read-only. */
export const systemMounts = (): readonly Mount[] =>
  [...systemFolders, ...systemSettings]
    .filter((path) => existsSync(path))
    .map((path) => ({ from: path, to: path, access: 'read' }) as const);

/** Who a command is inside, whoever started it. */
const stranger = { uid: 10000, gid: 10000 };

/** Everything unshared, nothing seen but the mounts. */
export function confinedArguments(command: ConfinedCommand, { uid, gid } = stranger): string[] {
  const scratch = scratchBytes(command.limits.memoryBytes);
  const mounts = [...command.mounts].sort((a, b) => a.to.localeCompare(b.to, 'en'));
  const words: readonly (readonly string[])[] = [
    ['--unshare-all', '--unshare-user', '--disable-userns', '--die-with-parent', '--new-session'],
    ['--cap-drop', 'ALL', '--uid', String(uid), '--gid', String(gid), '--hostname', 'glovebox'],
    ['--clearenv', ...Object.entries(command.env).flatMap(([name, value]) => ['--setenv', name, value])],
    ['--proc', '/proc', '--dev', '/dev'],
    ['--size', String(scratch.shm), '--tmpfs', '/dev/shm', '--remount-ro', '/dev'],
    ['--perms', '1777', '--size', String(scratch.tmp), '--tmpfs', '/tmp'],
    ['--ro-bind', asset('passwd'), '/etc/passwd', '--ro-bind', asset('group'), '/etc/group'],
    ...mounts.map(({ from, to, access }) => [access === 'write' ? '--bind' : '--ro-bind', from, to]),
    // For root on the host, the settings of the kernel in /proc/sys stay writable in any user namespace.
    ['--remount-ro', '/proc', '--remount-ro', '/', '--chdir', command.cwd],
  ];
  return words.flat();
}
