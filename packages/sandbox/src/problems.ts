// Why a command can't be confined here, and what to change on the machine.
import { catalogue } from '@glovebox/record';

export const sandboxProblems = {
  'program-missing': (program: string) => ({
    message: `The program ${program}, which confinement needs, is not on this machine.`,
    hint: 'On Debian or Ubuntu: apt-get install bubblewrap util-linux',
  }),
  'processor-unknown': (arch: string) => ({
    message: `System calls can be filtered on x64 and arm64 processors; this one is ${arch}.`,
  }),
  'namespaces-refused': (detail: string) => ({
    message: `The system refuses to make the namespaces that confinement needs (${detail}).`,
    hint: 'As root, one of: sysctl kernel.unprivileged_userns_clone=1 (Debian); sysctl kernel.apparmor_restrict_unprivileged_userns=0, or an AppArmor profile for /usr/bin/bwrap that allows userns (Ubuntu 24.04); in a container, a seccomp profile that allows unshare and mount.',
  }),
  'confinement-broken': (what: string) => ({
    message: `A confined trial command was not confined as it must be: ${what}.`,
    hint: 'Use bubblewrap 0.8 or newer, or Docker 20.10 or newer, on Linux 5.10 or newer.',
  }),
  'mount-missing': (path: string) => ({
    message: `${path}, which the command is to see, does not exist on this machine.`,
  }),
  'could-not-start': (program: string) => ({
    message: `The program ${program} could not be started in confinement.`,
    hint: 'Check that it is installed in a folder that the command sees.',
  }),
  'engine-unreachable': (socket: string, detail: string) => ({
    message: `No Docker engine answers at ${socket} (${detail}).`,
    hint: 'Start the engine, and let this user use its socket; or use bubblewrap.',
  }),
  'engine-unfit': (what: string) => ({
    message: `The Docker engine can't confine a command: ${what}.`,
    hint: '`docker info` shows what it can do. Use an ordinary engine (not rootless, no mapped users) on Linux, or bubblewrap.',
  }),
  'image-unnamed': () => ({
    message: 'A command that runs in a container must name its image.',
  }),
  'image-reference-wrong': (found: string) => ({
    message: `${found} names no image by its digest.`,
    hint: 'A name, @sha256: and 64 hexadecimal digits would be accepted.',
  }),
  'image-missing': (reference: string) => ({
    message: `The Docker engine does not have the image ${reference}.`,
    hint: 'Nothing is fetched on a run. Bring it in with docker pull or docker load; `docker images --digests --no-trunc` shows what is there.',
  }),
  'slurm-missing': (program: string) => ({
    message: `The program ${program}, by which jobs are given to Slurm, is not on this machine.`,
    hint: 'On Debian or Ubuntu: apt-get install slurm-client; and let this machine know the cluster by its slurm.conf.',
  }),
  'cluster-unreachable': (detail: string) => ({
    message: `Slurm's controller does not answer (${detail}).`,
    hint: '`sinfo` must work for this user on this machine; munge, slurm.conf and the controller are what it needs.',
  }),
  'cluster-refused': (detail: string) => ({
    message: `Slurm does not take the job (${detail}).`,
    hint: 'Compare the limits, partition and account in the configuration with what `sinfo` and `scontrol show partition` offer.',
  }),
  'cluster-busy': (seconds: string) => ({
    message: `No node of the cluster was free for a trial job within ${seconds} seconds.`,
    hint: '`squeue` shows what it waited for. Name a partition that has room, then start again.',
  }),
  'cluster-unfit': (folder: string, detail: string) => ({
    message: `A trial job on the cluster did not come back with a result (${detail}).`,
    hint: `Every node must see ${folder}, Glovebox and Node.js at the same paths as this machine, and have bubblewrap.`,
  }),
};

export const problem = catalogue(sandboxProblems);
