// The system calls that a confined command is refused, whichever executor confines it, with their numbers.
//
// Namespaces already hide most of the system; this takes away what they do not cover: kernel parts with a long history of
// holes, keys that belong to the user of the host, and sockets that no network namespace holds (AF_VSOCK reaches the
// hypervisor of a virtual machine). What is refused answers "not permitted", so programs fall back as on any restricted
// system; clone3 answers "not implemented", so that the C library uses clone, whose flags a filter can read.

type Numbers = Readonly<{ x64?: number; arm64?: number }>;
const both = (number: number): Numbers => ({ x64: number, arm64: number });

export const refusedCalls: Readonly<Record<string, Numbers>> = {
  ptrace: { x64: 101, arm64: 117 },
  syslog: { x64: 103, arm64: 116 },
  // Memory that no process holds and that is counted as nobody's: in segments, queues and files without a name.
  shmget: { x64: 29, arm64: 194 },
  msgget: { x64: 68, arm64: 186 },
  memfd_create: { x64: 319, arm64: 279 },
  // Tells when others use the programs and libraries that all see.
  inotify_init: { x64: 253 },
  inotify_init1: { x64: 294, arm64: 26 },
  uselib: { x64: 134 },
  modify_ldt: { x64: 154 },
  pivot_root: { x64: 155, arm64: 41 },
  adjtimex: { x64: 159, arm64: 171 },
  chroot: { x64: 161, arm64: 51 },
  acct: { x64: 163, arm64: 89 },
  settimeofday: { x64: 164, arm64: 170 },
  mount: { x64: 165, arm64: 40 },
  umount2: { x64: 166, arm64: 39 },
  swapon: { x64: 167, arm64: 224 },
  swapoff: { x64: 168, arm64: 225 },
  reboot: { x64: 169, arm64: 142 },
  sethostname: { x64: 170, arm64: 161 },
  setdomainname: { x64: 171, arm64: 162 },
  iopl: { x64: 172 },
  ioperm: { x64: 173 },
  create_module: { x64: 174 },
  init_module: { x64: 175, arm64: 105 },
  delete_module: { x64: 176, arm64: 106 },
  quotactl: { x64: 179, arm64: 60 },
  nfsservctl: { x64: 180, arm64: 42 },
  lookup_dcookie: { x64: 212, arm64: 18 },
  clock_settime: { x64: 227, arm64: 112 },
  kexec_load: { x64: 246, arm64: 104 },
  add_key: { x64: 248, arm64: 217 },
  request_key: { x64: 249, arm64: 218 },
  keyctl: { x64: 250, arm64: 219 },
  unshare: { x64: 272, arm64: 97 },
  perf_event_open: { x64: 298, arm64: 241 },
  fanotify_init: { x64: 300, arm64: 262 },
  name_to_handle_at: { x64: 303, arm64: 264 },
  open_by_handle_at: { x64: 304, arm64: 265 },
  clock_adjtime: { x64: 305, arm64: 266 },
  setns: { x64: 308, arm64: 268 },
  process_vm_readv: { x64: 310, arm64: 270 },
  process_vm_writev: { x64: 311, arm64: 271 },
  kcmp: { x64: 312, arm64: 272 },
  finit_module: { x64: 313, arm64: 273 },
  kexec_file_load: { x64: 320, arm64: 294 },
  bpf: { x64: 321, arm64: 280 },
  userfaultfd: { x64: 323, arm64: 282 },
  io_uring_setup: both(425),
  io_uring_enter: both(426),
  io_uring_register: both(427),
  open_tree: both(428),
  move_mount: both(429),
  fsopen: both(430),
  fsconfig: both(431),
  fsmount: both(432),
  fspick: both(433),
  pidfd_getfd: both(438),
  mount_setattr: both(442),
  quotactl_fd: both(443),
  memfd_secret: both(447),
};

/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET, NEWTIME: what clone is refused. */
export const namespaceFlags = 0x7e020080;
/** AF_UNIX, AF_INET, AF_INET6 and AF_NETLINK; the namespace of the command has no way out through any of them. */
export const socketFamilies: readonly number[] = [1, 2, 10, 16];
/** TIOCSTI and TIOCLINUX, which type into a terminal. */
export const terminalRequests: readonly number[] = [0x5412, 0x541c];
