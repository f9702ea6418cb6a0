// Attempts to get out of a sandbox, each as a small Python program that prints ESCAPED when it got what it must not get.
//
// Each is written so that it means the same in every executor; what a single one refuses beyond that is in its own tests.
// The names that they use come from the preamble in escape.test.ts.

const opens = (path: string, mode = 'r') => `escaped_if(attempt(lambda: open(${path}, '${mode}').read(1) or 'opened'))`;
const syscall = (...args: (number | string)[]) => `escaped_if(libc.syscall(${args.join(', ')}) >= 0 and 'syscall')`;

export const attempts: Readonly<Record<string, string>> = {
  // Network
  'connects to a service of the host on loopback': `escaped_if(attempt(lambda: socket.create_connection(('127.0.0.1', PORT), 1)))`,
  'connects to a service of the host by every address of the host': `
for a in ['0.0.0.0', '::1', '172.17.0.1', '10.0.2.2', '192.168.0.1', '169.254.169.254']:
    escaped_if(attempt(lambda: socket.create_connection((a, PORT), 0.3)))`,
  'resolves a name': `escaped_if(attempt(lambda: socket.gethostbyname('example.org')))`,
  'sends a datagram to the internet': `escaped_if(attempt(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('8.8.8.8', 53))))`,
  'opens a raw socket': `escaped_if(attempt(lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)))`,
  'opens a packet socket': `escaped_if(attempt(lambda: socket.socket(17, socket.SOCK_RAW, 0)))`,
  'reaches the hypervisor by a vsock': `escaped_if(attempt(lambda: socket.socket(40, socket.SOCK_STREAM)))`,
  'uses the crypto sockets of the kernel': `escaped_if(attempt(lambda: socket.socket(38, socket.SOCK_SEQPACKET)))`,
  'opens a bluetooth socket': `escaped_if(attempt(lambda: socket.socket(31, socket.SOCK_RAW, 1)))`,
  'adds a network device': `escaped_if(subprocess.run(['ip', 'link', 'add', 'x0', 'type', 'dummy'], capture_output=True).returncode == 0) if os.path.exists('/usr/sbin/ip') else None`,
  'connects to an abstract socket of the host': `
names = [l.split()[-1] for l in open('/proc/net/unix') if '@' in l]
escaped_if(names)`,
  'connects to the docker or dbus socket': `
for p in ['/var/run/docker.sock', '/run/docker.sock', '/run/dbus/system_bus_socket', '/run/systemd/private', *SOCKETS]:
    s = socket.socket(socket.AF_UNIX)
    if attempt(lambda: s.connect(p) or 'connected'): print('ESCAPED')`,
  // Files of the host
  'reads a file of another job': opens('SECRET'),
  'reads a file of another job through a link planted in its workspace': opens("'/workspace/planted-link'"),
  'reads a file of another job through a link that it makes': `os.symlink(SECRET, '/workspace/l1'); ${opens("'/workspace/l1'")}`,
  'reads a file of another job by leaving through ..': opens("'/workspace/../other-job/patients.csv'"),
  'makes a hard link to a file of another job': `escaped_if(attempt(lambda: os.link(SECRET, '/workspace/l2') or 'linked'))`,
  'reads the password file of the host': `escaped_if(is_of_host('/etc/passwd')); escaped_if(is_of_host('/etc/group'))`,
  'reads the shadow file': opens("'/etc/shadow'"),
  'reads keys of a user': `escaped_if(attempt(lambda: os.listdir('/root'))); escaped_if(attempt(lambda: os.listdir('/home')))`,
  'reads the settings of the host': `
for p in ['/etc/hosts', '/etc/resolv.conf', '/etc/hostname', '/etc/machine-id', '/etc/fstab', '/etc/environment']: escaped_if(is_of_host(p))
escaped_if(socket.gethostname() == HOST_NAME); escaped_if(os.path.exists('/etc/ssh'))`,
  'reads logs and state of the host': `escaped_if([d for d in ['/var/log', '/var/lib', '/run', '/srv', '/opt', '/boot', '/sys', '/mnt', '/media'] if os.path.isdir(d) and os.listdir(d)])`,
  'reads the host through its root directory': opens("'/proc/1/root' + SECRET"),
  'finds the host through the working directory of a process': `
for p in os.listdir('/proc'):
    if p.isdigit(): escaped_if(attempt(lambda: os.path.exists('/proc/%s/root%s' % (p, SECRET))) )`,
  'opens a file by handle': `escaped_if(libc.open_by_handle_at(-100, 0, 0) >= 0)`,
  'writes to the system folders': `
for d in ['/', '/usr', '/usr/bin', '/etc', '/lib', '/dev', '/usr/local/lib']:
    escaped_if(attempt(lambda: open(d + '/planted', 'w') and d))`,
  'replaces a program of the system': `escaped_if(attempt(lambda: os.rename('/usr/bin/python3', '/usr/bin/python4') or 'renamed'))`,
  'leaves through a directory that was open before': `
for fd in os.listdir('/proc/self/fd'):
    t = attempt(lambda: os.readlink('/proc/self/fd/' + fd)) or ''
    if t.startswith('/') and not t.startswith(('/proc', '/dev')): print('ESCAPED', t)`,
  'holds more descriptors than its three': `
for fd in os.listdir('/proc/self/fd'):
    t = attempt(lambda: os.readlink('/proc/self/fd/' + fd))
    escaped_if(int(fd) > 2 and t and not t.startswith('/proc/') and t != '/dev/null' and (fd, t))`,
  // Processes
  'sees processes of the host': `escaped_if([p for p in os.listdir('/proc') if p.isdigit() and int(p) > 60])`,
  'reads the environment of the host': `
for p in os.listdir('/proc'):
    if p.isdigit(): escaped_if('GLOVEBOX' in (attempt(lambda: open('/proc/%s/environ' % p).read()) or ''))`,
  'finds its paths on the host in its command line': `
for p in os.listdir('/proc'):
    if p.isdigit() and p != str(os.getpid()): escaped_if(WORKSPACE in (attempt(lambda: open('/proc/%s/cmdline' % p).read()) or ''))`,
  'sends a signal to the host': `escaped_if(attempt(lambda: os.kill(HOST_PID, signal.SIGKILL) or 'sent'))`,
  'sends a signal to everything': `signal.signal(signal.SIGTERM, signal.SIG_IGN); attempt(lambda: os.kill(-1, signal.SIGTERM))`,
  'traces a process': `escaped_if(libc.ptrace(16, os.getppid(), 0, 0) == 0); escaped_if(libc.ptrace(0, 0, 0, 0) == 0)`,
  'finds the environment of this process in the memory of others': `
for p in os.listdir('/proc'):
    if not p.isdigit() or p == str(os.getpid()): continue
    for line in attempt(lambda: open('/proc/%s/maps' % p).read().splitlines()) or []:
        first, last = [int(x, 16) for x in line.split()[0].split('-')]
        def look():
            with open('/proc/%s/mem' % p, 'rb') as f:
                f.seek(first); return ENVIRONMENT.encode() in f.read(min(last - first, 10_000_000))
        escaped_if(attempt(look))`,
  'writes to the memory of a process of the host': `escaped_if(attempt(lambda: open('/proc/%d/mem' % HOST_PID, 'r+b') and 'opened'))`,
  'outlives its job': `
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(0.7); open('/workspace/outlived', 'w').write('x')
    os._exit(0)
time.sleep(0.1)`,
  'uses shared memory of the host': `escaped_if(libc.shmget(0x51, 4096, 0) >= 0); escaped_if(os.listdir('/dev/shm'))`,
  // Privileges
  'mounts a file system': `escaped_if(libc.mount(b'none', b'/tmp', b'tmpfs', 0, None) == 0)`,
  'unmounts a mount': `escaped_if(libc.umount2(b'/workspace', 2) == 0)`,
  'makes a read-only mount writable': `escaped_if(libc.mount(None, b'/usr', None, 32 | 4096, None) == 0)`,
  'makes a user namespace': `escaped_if(libc.unshare(0x10000000) == 0)`,
  'makes a mount namespace': `escaped_if(libc.unshare(0x00020000) == 0)`,
  'makes a user namespace by clone': syscall(56, '0x10000000 | 17', 0, 0, 0, 0),
  'makes a user namespace by clone3': `
import struct
a = ctypes.create_string_buffer(struct.pack('<8Q', 0x10000000, 0, 0, 0, 17, 0, 0, 0))
escaped_if(libc.syscall(435, a, 64) >= 0)`,
  'enters a namespace': `fd = os.open('/proc/self/ns/net', os.O_RDONLY); escaped_if(libc.setns(fd, 0) == 0)`,
  'becomes root': `escaped_if(attempt(lambda: os.setuid(0) or 'root')); escaped_if(os.getuid() == 0)`,
  'gains privileges from a setuid program': `
for p in ['/usr/bin/su', '/usr/bin/passwd', '/usr/bin/mount', '/usr/bin/chsh']:
    if os.path.exists(p):
        r = subprocess.run([p, '--version'], capture_output=True)
escaped_if(os.geteuid() == 0 or 'CapEff:\\t0000000000000000' not in open('/proc/self/status').read())`,
  'makes a setuid file that works': `
open('/tmp/s', 'w').write('#!/bin/sh\\nid -u'); os.chmod('/tmp/s', 0o4755)
escaped_if(b'0\\n' == subprocess.run(['/tmp/s'], capture_output=True).stdout)`,
  'makes a device': `escaped_if(attempt(lambda: os.mknod('/tmp/disk', 0o60600, os.makedev(254, 0)) or 'made')); escaped_if(attempt(lambda: os.mknod('/workspace/disk', 0o60600, os.makedev(254, 0)) or 'made'))`,
  'reads a disk or the memory of the kernel': `
for d in ['/dev/sda', '/dev/vda', '/dev/mem', '/dev/kmem', '/dev/kmsg', '/dev/kvm', '/dev/fuse', '/dev/vsock', '/dev/net/tun']:
    escaped_if(attempt(lambda: os.open(d, os.O_RDONLY)))
escaped_if(attempt(lambda: open('/proc/kcore', 'rb').read(1)))`,
  'changes settings of the kernel': `
for p in ['/proc/sys/vm/stat_interval', '/proc/sys/kernel/hostname', '/proc/sys/kernel/core_pattern', '/proc/sys/net/ipv4/ip_forward', '/proc/sysrq-trigger', '/proc/irq/0/smp_affinity']:
    escaped_if(attempt(lambda: open(p, 'w') and p))`,
  'makes itself the last to be ended when memory runs out': `
def lower():
    with open('/proc/self/oom_score_adj', 'w') as f: f.write('-1000')
    return 'lowered'
escaped_if(attempt(lower))`,
  'loads a kernel module': syscall(175, 0, 0, 0),
  'loads a bpf program': syscall(321, 5, 0, 0),
  'uses keys of the host': `escaped_if(libc.syscall(250, 0, -4, 0) >= 0 and 'keyctl'); escaped_if(libc.syscall(248, b'user', b'x', b'y', 1, -4) >= 0 and 'add_key')`,
  'uses io_uring': syscall(425, 8, 0),
  'uses userfaultfd': syscall(323, 0),
  'opens performance counters': syscall(298, 0, 0, -1, -1, 0),
  'uses the 32-bit-pointer calls': `r = libc.syscall(0x40000000 | 165, b'none', b'/tmp', b'tmpfs', 0, 0); escaped_if(r == 0)`,
  'sets the clock': `escaped_if(libc.syscall(227, 0, ctypes.create_string_buffer(16)) == 0)`,
  'sets the name of the host': `escaped_if(attempt(lambda: socket.sethostname('owned') or 'set'))`,
  'leaves the root by chroot': `escaped_if(attempt(lambda: os.chroot('/tmp') or 'left'))`,
  'types into the terminal': `
import fcntl
escaped_if(attempt(lambda: fcntl.ioctl(0, 0x5412, b'x') == 0)); escaped_if(attempt(lambda: os.open('/dev/tty', os.O_RDWR)))`,
  'raises its own limits': `
import resource
escaped_if(attempt(lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY)) or 'raised'))`,
  'writes to the control groups': `
escaped_if([d for d in ['/sys/fs/cgroup', '/sys/fs/cgroup/memory'] if os.path.isdir(d) and os.listdir(d)])
escaped_if(attempt(lambda: open('/sys/fs/cgroup/cgroup.procs', 'w') and 'opened'))`,
  // Exhaustion
  'forks without end': `
while True:
    try: os.fork()
    except OSError: time.sleep(0.01)`,
  'takes all memory': `x = []\nwhile True: x.append(b'x' * 10_000_000)`,
  'takes all memory through /dev/shm': `
for i in range(1000):
    with open('/dev/shm/%d' % i, 'wb') as f: f.write(b'x' * 4_000_000)
print('ESCAPED')`,
  'takes all memory through the root directory': `open('/filler', 'wb').write(b'x' * 10)\nprint('ESCAPED')`,
  'writes a file without end': `
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
f = open('/workspace/huge', 'wb', 0)
try:
    for i in range(100): f.write(b'x' * 1_000_000)
    print('ESCAPED')
except OSError as e: print('refused', e)`,
  'dumps core': `os.chdir('/workspace'); os.abort()`,
  'never ends': `
for s in range(1, 32):
    try: signal.signal(s, signal.SIG_IGN)
    except (OSError, ValueError): pass
while True: time.sleep(1)`,
  'leaves names with odd bytes': `
for n in [b'a\\nb', b'\\xff\\xfe', b'$(touch x)', b'; rm -rf .', b'-rf', b'\\x1b[31m']:
    open(b'/workspace/' + n, 'w').write('x')`,
  'leaves special files behind': `
os.mkfifo('/workspace/pipe'); s = socket.socket(socket.AF_UNIX); s.bind('/workspace/socket'); os.symlink('/etc/shadow', '/workspace/to-shadow')`,
};

/** For executors whose commands see nothing but their mounts: there even these things, which may be a container's own, are missing. */
export const stricterAttempts: Readonly<Record<string, string>> = {
  'reads the password file of the host': `escaped_if('root:' in open('/etc/passwd').read())`,
  'reads the settings of the host': `escaped_if([f for f in ['/etc/hosts', '/etc/resolv.conf', '/etc/hostname', '/etc/machine-id', '/etc/ssh'] if os.path.exists(f)])`,
  'takes more processors than it was given': `
escaped_if(attempt(lambda: os.sched_setaffinity(0, range(os.cpu_count())) or 'taken')); escaped_if(len(os.sched_getaffinity(0)) > 1)`,
  'reads the memory of its parent': opens(`'/proc/%d/mem' % os.getppid()`, 'rb'),
  'changes settings of the kernel': `
for p in ['/proc/sys/vm/stat_interval', '/proc/sys/kernel/hostname', '/proc/sys/kernel/core_pattern', '/proc/sysrq-trigger', '/proc/self/oom_score_adj']:
    escaped_if(attempt(lambda: open(p, 'w') and p))`,
  'writes to the control groups': `escaped_if(os.path.exists('/sys/fs/cgroup'))`,
};
