// A Slurm cluster of a test's own with one node, this machine: real munged, slurmctld and slurmd, with their settings, key,
// sockets and state in a folder that is removed at the end, on ports that were free.
//
// The node pretends to have more processors than the machine, so that several small jobs run side by side. All daemons end
// with the process that started them, also when that is killed.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export interface TestCluster {
  /** What SLURM_CONF must be for Slurm's commands to speak with it. */
  readonly configurationFile: string;
  /** The socket by which its users prove who they are. */
  readonly socketPath: string;
  readonly folder: string;
  /** Output of one of Slurm's commands. */
  ask(program: string, ...words: string[]): string;
  /** As when its machine is restarted; what runs on the node runs on. */
  stopController(): Promise<void>;
  /** Resolves when it answers. */
  startController(): Promise<void>;
  stop(): Promise<void>;
}

const startSeconds = 60;
const needed = ['/usr/sbin/munged', '/usr/sbin/slurmctld', '/usr/sbin/slurmd', '/usr/bin/sbatch'];
const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * Starts one and waits until its node takes jobs.
 *
 * @returns a sentence saying why that can't be done here, if it can't
 */
export async function startTestCluster(): Promise<TestCluster | string> {
  if (process.getuid?.() !== 0) return 'a Slurm cluster of its own needs root';
  const missing = needed.find((program) => !existsSync(program));
  if (missing !== undefined)
    return `there is no ${missing} (Debian's packages slurmctld, slurmd, slurm-client and munge)`;
  const folder = mkdtempSync(join(tmpdir(), 'glovebox-slurm-'));
  // Its users are told apart by the socket's far end, so the socket must be within everybody's reach.
  chmodSync(folder, 0o755);
  const configurationFile = join(folder, 'slurm.conf');
  const socketPath = join(folder, 'munge', 'socket');
  for (const name of ['state', 'spool', 'munge', 'log']) mkdirSync(join(folder, name), { mode: 0o755 });
  writeFileSync(join(folder, 'munge', 'key'), randomBytes(128), { mode: 0o400 });
  writeFileSync(configurationFile, settings(folder, socketPath, await freePorts(2)));
  const env = { PATH: path, SLURM_CONF: configurationFile };
  const start = (program: string, ...words: string[]): ChildProcess => startDaemon(folder, env, program, words);
  const at = (name: string) => join(folder, 'munge', name);
  const munge = start(
    '/usr/sbin/munged',
    '--foreground',
    `--socket=${socketPath}`,
    `--key-file=${at('key')}`,
    `--pid-file=${at('pid')}`,
    `--seed-file=${at('seed')}`,
    '--num-threads=2',
  );
  const daemons = [munge];
  const ask = (program: string, ...words: string[]): string =>
    spawnSync(join('/usr/bin', program), words, { env, encoding: 'utf8' }).stdout;
  async function stop(): Promise<void> {
    ask('scancel', '--state=RUNNING', '--quiet');
    for (const daemon of daemons.toReversed()) await end(daemon);
    endStrays(configurationFile);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  const until = Date.now() + startSeconds * 1000;
  const waitFor = async (isThere: () => boolean): Promise<boolean> => {
    for (; Date.now() < until && !daemons.some(hasEnded); await pause(100)) if (isThere()) return true;
    return false;
  };
  if (await waitFor(() => existsSync(socketPath))) {
    let controller = start('/usr/sbin/slurmctld', '-D');
    const stopController = () => end(controller);
    async function startController(): Promise<void> {
      controller = start('/usr/sbin/slurmctld', '-D');
      daemons.push(controller);
      while (!hasEnded(controller) && !ask('scontrol', 'ping').includes('is UP')) await pause(100);
    }
    daemons.push(controller, start('/usr/sbin/slurmd', '-D'));
    const isReady = await waitFor(() => /^(?:idle|mixed)/.test(ask('sinfo', '--noheader', '--format=%t')));
    if (isReady) return { configurationFile, socketPath, folder, ask, stopController, startController, stop };
  }
  const lastWords = ['munged', 'slurmctld', 'slurmd'].map((name) => lastLine(join(folder, 'log', name))).join('; ');
  await stop();
  return `Slurm does not run here: ${lastWords}`;
}

function settings(folder: string, socketPath: string, [controllerPort, nodePort]: readonly number[]): string {
  const name = hostname().split('.')[0]!;
  return `
ClusterName=test
SlurmctldHost=${name}(127.0.0.1)
SlurmctldPort=${controllerPort}
SlurmdPort=${nodePort}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=${socketPath}
CredType=cred/munge
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
SwitchType=switch/none
PlugStackConfig=${folder}/none
SchedulerType=sched/builtin
SchedulerParameters=batch_sched_delay=0,sched_interval=1
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SlurmdParameters=config_overrides
ReturnToService=2
KillWait=2
MinJobAge=60
MessageTimeout=4
SlurmctldDebug=error
SlurmdDebug=error
NodeName=${name} NodeAddr=127.0.0.1 CPUs=16 CoresPerSocket=16 RealMemory=20000 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
`;
}

function startDaemon(folder: string, env: NodeJS.ProcessEnv, program: string, words: readonly string[]): ChildProcess {
  const log = openSync(join(folder, 'log', program.split('/').at(-1)!), 'w');
  const child = spawn('/usr/bin/setpriv', ['--pdeathsig', 'KILL', '--', program, ...words], {
    env,
    cwd: folder,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  child.on('error', () => undefined);
  return child;
}

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;

async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(timer);
}

/** Held together, so that they differ. Somebody else may take one before Slurm does; then it says so and ends. */
async function freePorts(howMany: number): Promise<number[]> {
  const servers = Array.from({ length: howMany }, () => createServer());
  const listening = servers.map(async (server: Server) => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  });
  const ports = await Promise.all(listening);
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  return ports;
}

/** What watches over a job on the node goes on trying to tell a controller that is gone how the job ended. */
function endStrays(configurationFile: string): void {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (readFileSync(`/proc/${pid}/comm`, 'latin1').trim() !== 'slurmstepd') continue;
      const environment = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
      if (environment.includes(`SLURM_CONF=${configurationFile}`)) process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It has ended by itself meanwhile.
    }
  }
}

const lastLine = (file: string): string =>
  existsSync(file) ? (readFileSync(file, 'utf8').trim().split('\n').at(-1) ?? '') : '';
