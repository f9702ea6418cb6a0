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
    hint: 'Use bubblewrap 0.8 or newer on Linux 5.10 or newer.',
  }),
  'mount-missing': (path: string) => ({
    message: `${path}, which the command is to see, does not exist on this machine.`,
  }),
  'could-not-start': (program: string) => ({
    message: `The program ${program} could not be started in confinement.`,
    hint: 'Check that it is installed in a folder that the command sees.',
  }),
};

export const problem = catalogue(sandboxProblems);
