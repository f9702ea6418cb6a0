// More attempts, in the manner of attempts.ts: memory that is charged to nobody, interfaces of the kernel that tell of others or
// change what they see, and what a later job would load.

/** Held only where the kernel counts the memory of a command, as every executor does that is root. */
export const unchargedAttempts: Readonly<Record<string, string>> = {
  'takes all memory in the buffers of sockets': `
total, held = 0, []
while total < 600_000_000:
    pair = socket.socketpair(); held.append(pair)
    for s in pair:
        s.setblocking(False); s.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 10**9)
        try:
            while True: total += s.send(b'x' * 65536)
        except BlockingIOError: pass
print('ESCAPED')`,
};

export const kernelAttempts: Readonly<Record<string, string>> = {
  'takes all memory in files without a name': `
for i in range(200): os.write(os.memfd_create('x'), b'x' * 4_000_000)
print('ESCAPED')`,
  'takes all memory in segments that no process holds': `
libc.shmat.restype, libc.shmdt.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
for i in range(200):
    segment = libc.shmget(0, 4_000_000, 0o1600)
    if segment < 0: sys.exit('refused')
    at = libc.shmat(segment, None, 0)
    ctypes.memset(at, 120, 4_000_000); libc.shmdt(at)
print('ESCAPED')`,
  'takes all memory in message queues': `
total, message = 0, ctypes.create_string_buffer(b'\\1' + b'\\0' * 7 + b'x' * 8000, 8010)
for i in range(32000):
    queue = libc.msgget(0, 0o1600)
    if queue < 0: break
    while libc.msgsnd(queue, message, 8000, 0o4000) == 0: total += 8000
escaped_if(total > 2**28 and total)`,
  'takes all memory in pipes': `
import fcntl
total, held = 0, []
while total < 600_000_000:
    r, w = os.pipe(); held.append((r, w)); os.set_blocking(w, False)
    attempt(lambda: fcntl.fcntl(w, 1031, 2**20))
    try:
        while True: total += os.write(w, b'x' * 65536)
    except BlockingIOError: pass
print('ESCAPED')`,
  'watches what others do with the programs of the system': `escaped_if(libc.inotify_init() >= 0 or libc.inotify_init1(0) >= 0)`,
  'listens to the kernel for processes that others start': `
import struct
s = socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, 11)
def listen():
    s.bind((os.getpid(), 1))
    body = struct.pack('IIIIHHI', 1, 1, 0, 0, 4, 0, 1)
    s.send(struct.pack('IHHII', 16 + len(body), 3, 0, 0, os.getpid()) + body)
    s.settimeout(0.5)
    return s.recv(4096)
escaped_if(attempt(listen))`,
  'adds a device and an address by netlink': `
import struct
def change(kind, body):
    s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
    s.settimeout(1)
    s.send(struct.pack('IHHII', 16 + len(body), kind, 0x605, 1, 0) + body)
    return struct.unpack('i', s.recv(4096)[16:20])[0] == 0
info = struct.pack('HH', 10, 1) + b'dummy\\0' + b'\\0\\0'
device = struct.pack('BBHiII', 0, 0, 0, 0, 0, 0) + struct.pack('HH', 4 + len(info), 18) + info
address = struct.pack('BBBBI', 2, 24, 0, 0, 1) + struct.pack('HH4s', 8, 2, bytes([10, 0, 2, 15]))
escaped_if(attempt(change, 16, device)); escaped_if(attempt(change, 20, address))`,
  'connects to a socket of the host that has a name and no file': `
s = socket.socket(socket.AF_UNIX)
escaped_if(attempt(lambda: s.connect(ABSTRACT) or 'connected'))`,
  'takes hold of a process by a descriptor': `
escaped_if(libc.syscall(434, HOST_PID, 0) >= 0)
parent = libc.syscall(434, os.getppid(), 0)
escaped_if(parent >= 0 and libc.syscall(438, parent, 1, 0) >= 0)`,
  'reads the memory of a process beside it': `
child = os.fork()
if child == 0: time.sleep(2); os._exit(0)
vector = lambda at, length: ctypes.create_string_buffer(at.to_bytes(8, 'little') + length.to_bytes(8, 'little'))
buffer = ctypes.create_string_buffer(64)
at = int(open('/proc/self/maps').readline().split('-')[0], 16)
escaped_if(libc.process_vm_readv(child, vector(ctypes.addressof(buffer), 64), 1, vector(at, 64), 1, 0) > 0)
os.kill(child, 9)`,
  'overwrites the program of a running process': `
for p in os.listdir('/proc'):
    if p.isdigit() or p == 'self': escaped_if(attempt(lambda: open('/proc/%s/exe' % p, 'r+b') and p))`,
  'plants what later jobs would load': `
import glob, sysconfig
places = ['/etc/ld.so.preload', '/etc/ld.so.cache', '/etc/R/Rprofile.site', '/etc/R/Renviron', '/usr/lib/R/etc/Rprofile.site', '/etc/profile',
  sysconfig.get_paths()['stdlib'] + '/sitecustomize.py', sysconfig.get_paths()['purelib'] + '/x.pth', *glob.glob('/etc/python3*/sitecustomize.py')]
for p in places: escaped_if(attempt(lambda: open(p, 'a') and p))`,
  'writes into a program through memory that all share': `
import mmap
fd = os.open('/usr/bin/env', os.O_RDONLY)
escaped_if(attempt(lambda: mmap.mmap(fd, 4096, mmap.MAP_SHARED, mmap.PROT_READ | mmap.PROT_WRITE) and 'mapped'))`,
  'changes marks, owners and times of the files of the system': `
for act in [lambda: os.chmod('/usr/bin/env', 0o777), lambda: os.chown('/usr/bin/env', os.getuid(), -1),
            lambda: os.utime('/usr/bin/env'), lambda: os.setxattr('/usr/bin/env', 'user.x', b'1'), lambda: os.truncate('/usr/bin/env', 0)]:
    escaped_if(attempt(lambda: act() or 'changed'))`,
  'goes before others': `
escaped_if(attempt(lambda: os.nice(-5) or 'raised'))
escaped_if(attempt(lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)) or 'raised'))
escaped_if(libc.syscall(251, 1, 0, 1 << 13) == 0)`,
  'turns the clock little by little': `
times = ctypes.create_string_buffer((1).to_bytes(4, 'little') + bytes(300))
escaped_if(libc.adjtimex(times) >= 0); escaped_if(libc.clock_adjtime(0, times) >= 0)`,
  'reads the log of the kernel': `escaped_if(libc.klogctl(3, ctypes.create_string_buffer(4096), 4096) > 0)`,
  'opens a terminal of others': `
for p in ['/dev/console', '/dev/tty1', '/dev/ttyS0', *['/dev/pts/' + n for n in os.listdir('/dev/pts') if n != 'ptmx']]:
    escaped_if(attempt(lambda: os.open(p, os.O_RDWR) and p))`,
  'restarts the machine, swaps its memory or its root, or changes its kernel': `
for call in [155, 163, 167, 168, 169, 179, 180, 246, 313, 320, 428, 430, 442]:
    ctypes.set_errno(0)
    escaped_if((libc.syscall(call, 0, 0, 0, 0, 0), ctypes.get_errno()) != (-1, 1) and (call, ctypes.get_errno()))`,
  'has a program of its own making do what it may not': `
open('/tmp/p', 'w').write('#!/bin/sh\\ncat ' + SECRET + '\\nid -u\\n'); os.chmod('/tmp/p', 0o7755)
said = subprocess.run(['/tmp/p'], capture_output=True).stdout
escaped_if(b'patient_id' in said or said.strip() == b'0')`,
};
