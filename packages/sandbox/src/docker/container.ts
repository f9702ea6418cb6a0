// Spells a confined command as a container: what the engine is asked for, and nothing that it is left to decide.
import type { ContainerCreateOptions } from 'dockerode';
import type { ConfinedCommand } from '@glovebox/record';
import { scratchBytes } from '../scratch.js';
import { seccompProfile } from './seccomp.js';

export interface ContainerSetting {
  /** Whose container it is; see DockerOptions. */
  readonly owner: string;
  /** The image's own identity (sha256:...), never a name that may move. */
  readonly imageId: string;
  /** Folders that the image declares as volumes; each would be a writable folder on the engine's disk. */
  readonly volumes: readonly string[];
  readonly user: { readonly uid: number; readonly gid: number };
  readonly processors: number;
}

export const ownerLabel = 'glovebox.owner';
export const jobLabel = 'glovebox.job';

const maskedPaths = [
  '/proc/acpi',
  '/proc/asound',
  '/proc/interrupts',
  '/proc/kcore',
  '/proc/keys',
  '/proc/latency_stats',
  '/proc/sched_debug',
  '/proc/scsi',
  '/proc/timer_list',
  '/proc/timer_stats',
  // Tells about the machine and its control groups; neither Python nor R needs it.
  '/sys',
];
const readonlyPaths = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'];

const ulimit = (Name: string, soft: number, hard = soft) => ({ Name, Soft: soft, Hard: hard });

/** The kernel holds each process to it, a little above what the samples hold all of them to together. */
const cpuLimit = (cpuSeconds: number | undefined) =>
  cpuSeconds === undefined ? [] : [ulimit('cpu', Math.ceil(cpuSeconds) + 1, Math.ceil(cpuSeconds) + 2)];

export function containerOptions(command: ConfinedCommand, setting: ContainerSetting): ContainerCreateOptions {
  const { argv, cwd, env, mounts, limits, stdin } = command;
  const scratch = scratchBytes(limits.memoryBytes);
  const [program, ...words] = argv;
  const { uid, gid } = setting.user;
  const volumes = setting.volumes.filter((path) => path !== '/tmp' && !mounts.some(({ to }) => to === path));
  return {
    Image: setting.imageId,
    Entrypoint: [program],
    Cmd: words,
    WorkingDir: cwd,
    Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
    User: `${uid}:${gid}`,
    Hostname: 'glovebox',
    Labels: { [ownerLabel]: setting.owner, ...(command.job === undefined ? {} : { [jobLabel]: command.job }) },
    Healthcheck: { Test: ['NONE'] },
    AttachStdin: stdin !== undefined,
    AttachStdout: true,
    AttachStderr: true,
    OpenStdin: stdin !== undefined,
    StdinOnce: stdin !== undefined,
    Tty: false,
    HostConfig: {
      Init: true,
      AutoRemove: false,
      RestartPolicy: { Name: 'no' },
      Privileged: false,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges:true', `seccomp=${seccompProfile()}`],
      MaskedPaths: maskedPaths,
      ReadonlyPaths: readonlyPaths,
      NetworkMode: 'none',
      // The engine writes the host's own resolvers into every container unless told of others.
      Dns: ['127.0.0.1'],
      DnsSearch: ['.'],
      IpcMode: 'private',
      ReadonlyRootfs: true,
      Tmpfs: Object.fromEntries([
        // Owned by the user inside: the folder takes on the mode that it has in the image, which may be anything.
        ['/tmp', `rw,nosuid,nodev,exec,uid=${uid},gid=${gid},mode=1777,size=${scratch.tmp}`],
        ...volumes.map((path) => [path, 'ro,nosuid,nodev,noexec,size=4096']),
      ]) as Record<string, string>,
      ShmSize: scratch.shm,
      Mounts: mounts.map(({ from, to, access }) => ({
        Type: 'bind',
        Source: from,
        Target: to,
        ReadOnly: access === 'read',
        // What is mounted below a folder on the host is not part of what was given.
        BindOptions: { Propagation: 'rprivate', NonRecursive: true },
      })),
      Memory: limits.memoryBytes,
      MemorySwap: limits.memoryBytes,
      // The container's own first process is not the command's.
      PidsLimit: limits.processes + 1,
      NanoCpus: Math.round(setting.processors * 1e9),
      Ulimits: [
        ulimit('fsize', limits.fileBytes),
        ...cpuLimit(limits.cpuSeconds),
        ulimit('core', 0),
        ulimit('nofile', 1024, 4096),
        ulimit('msgqueue', 0),
        ulimit('memlock', 65536),
      ],
      // Output goes to whoever is attached; the engine keeps no copy of what an action prints.
      LogConfig: { Type: 'none', Config: {} },
    },
  };
}
