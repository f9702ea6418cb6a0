// The filter of system calls that a confined command runs under, as a classic BPF program for `bwrap --seccomp`.
//
// Namespaces already hide most of the system; the filter takes away what they do not cover: kernel parts with a long
// history of holes, keys that belong to the user of the host, and sockets that no network namespace holds (AF_VSOCK
// reaches the hypervisor of a virtual machine). What is refused answers "not permitted", so programs fall back as on any
// restricted system; clone3 answers "not implemented", so that the C library uses clone, whose flags a filter can read.

interface Architecture {
  readonly audit: number;
  readonly refused: readonly number[];
  readonly clone: number;
  readonly socket: number;
  readonly ioctl: number;
}

// The same numbers on both: io_uring_*, open_tree, move_mount, fsopen, fsconfig, fsmount, fspick, pidfd_getfd,
// mount_setattr, quotactl_fd, memfd_secret.
const shared = [425, 426, 427, 428, 429, 430, 431, 432, 433, 438, 442, 443, 447];

const architectures: Readonly<Partial<Record<string, Architecture>>> = {
  x64: {
    audit: 0xc000003e,
    // ptrace, syslog, uselib, modify_ldt, pivot_root, adjtimex, chroot, acct, settimeofday, mount, umount2, swapon,
    // swapoff, reboot, sethostname, setdomainname, iopl, ioperm, create_module, init_module, delete_module, quotactl,
    // nfsservctl, lookup_dcookie, clock_settime, kexec_load, add_key, request_key, keyctl, unshare, perf_event_open,
    // fanotify_init, name_to_handle_at, open_by_handle_at, clock_adjtime, setns, process_vm_readv, process_vm_writev,
    // kcmp, finit_module, kexec_file_load, bpf, userfaultfd.
    refused: [
      101, 103, 134, 154, 155, 159, 161, 163, 164, 165, 166, 167, 168, 169, 170, 171, 172, 173, 174, 175, 176, 179, 180,
      212, 227, 246, 248, 249, 250, 272, 298, 300, 303, 304, 305, 308, 310, 311, 312, 313, 320, 321, 323,
    ],
    clone: 56,
    socket: 41,
    ioctl: 16,
  },
  arm64: {
    audit: 0xc00000b7,
    // The same calls where arm64 has them.
    refused: [
      18, 39, 40, 41, 42, 51, 60, 89, 97, 104, 105, 106, 112, 116, 117, 142, 161, 162, 170, 171, 217, 218, 219, 224,
      225, 241, 262, 264, 265, 266, 268, 270, 271, 272, 273, 280, 282, 294,
    ],
    clone: 220,
    socket: 198,
    ioctl: 29,
  },
};

const clone3 = 435;
/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET, NEWTIME. */
const namespaceFlags = 0x7e020080;
/** AF_UNIX, AF_INET, AF_INET6 and AF_NETLINK; the namespace of the command has no way out through any of them. */
const socketFamilies = [1, 2, 10, 16];
/** TIOCSTI and TIOCLINUX, which type into a terminal. */
const terminalRequests = [0x5412, 0x541c];

const errno = (number: number) => 0x00050000 | number;
const allow = 0x7fff0000;
const killProcess = 0x80000000;
const notPermitted = errno(1);

type Instruction = readonly [code: number, jumpTrue: number, jumpFalse: number, k: number];
const load = (offset: number): Instruction => [0x20, 0, 0, offset];
const ifEqual = (k: number, jumpTrue: number, jumpFalse: number): Instruction => [0x15, jumpTrue, jumpFalse, k];
const ifAtLeast = (k: number, jumpTrue: number, jumpFalse: number): Instruction => [0x35, jumpTrue, jumpFalse, k];
const ifAnyBit = (k: number, jumpTrue: number, jumpFalse: number): Instruction => [0x45, jumpTrue, jumpFalse, k];
const answer = (k: number): Instruction => [0x06, 0, 0, k];

// Offsets in struct seccomp_data; arguments are 64 bits wide, low half first.
const callNumber = 0;
const audit = 4;
const argument = (index: number) => 16 + index * 8;

/** Skips `body` unless the call is `call`, and loads the call's number again after it. */
function onCall(call: number, body: readonly Instruction[]): Instruction[] {
  return [ifEqual(call, 0, body.length + 1), ...body, load(callNumber)];
}

/**
 * The filter for one processor, or undefined for a processor that it does not know.
 *
 * @param arch as `process.arch` names it
 */
export function seccompFilter(arch: string): Buffer | undefined {
  const machine = architectures[arch];
  if (!machine) return undefined;
  const program: Instruction[] = [
    load(audit),
    ifEqual(machine.audit, 1, 0),
    answer(killProcess),
    load(callNumber),
    // The second, 32-bit-pointer set of calls of x64 would go round every number below.
    ifAtLeast(0x40000000, 0, 1),
    answer(notPermitted),
    ...[...machine.refused, ...shared].flatMap((call) => [ifEqual(call, 0, 1), answer(notPermitted)]),
    ifEqual(clone3, 0, 1),
    answer(errno(38)),
    ...onCall(machine.clone, [load(argument(0)), ifAnyBit(namespaceFlags, 0, 1), answer(notPermitted)]),
    ...onCall(machine.socket, [
      load(argument(0)),
      ...socketFamilies.flatMap((family) => [ifEqual(family, 0, 1), answer(allow)]),
      answer(errno(97)),
    ]),
    ...onCall(machine.ioctl, [
      load(argument(1)),
      ...terminalRequests.flatMap((request) => [ifEqual(request, 0, 1), answer(notPermitted)]),
    ]),
    answer(allow),
  ];
  const bytes = Buffer.alloc(program.length * 8);
  for (const [i, [code, jumpTrue, jumpFalse, k]] of program.entries()) {
    bytes.writeUInt16LE(code, i * 8);
    bytes.writeUInt8(jumpTrue, i * 8 + 2);
    bytes.writeUInt8(jumpFalse, i * 8 + 3);
    bytes.writeUInt32LE(k, i * 8 + 4);
  }
  return bytes;
}
