// The filter of system calls (system-calls.ts) as a classic BPF program for `bwrap --seccomp`.
import { namespaceFlags, refusedCalls, socketFamilies, terminalRequests } from '../system-calls.js';

interface Machine {
  readonly audit: number;
  readonly clone: number;
  readonly socket: number;
  readonly ioctl: number;
}

const machines: Readonly<Record<'x64' | 'arm64', Machine>> = {
  x64: { audit: 0xc000003e, clone: 56, socket: 41, ioctl: 16 },
  arm64: { audit: 0xc00000b7, clone: 220, socket: 198, ioctl: 29 },
};

const clone3 = 435;
/** sched_setaffinity, by which a command would leave the processors that it is tied to. */
const changeProcessors = { x64: 203, arm64: 122 };

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
 * @param isTied whether the command must stay on the processors that it is started on
 */
export function seccompFilter(arch: string, isTied = false): Buffer | undefined {
  if (arch !== 'x64' && arch !== 'arm64') return undefined;
  const machine = machines[arch];
  const refused = [
    ...Object.values(refusedCalls).flatMap((numbers) => numbers[arch] ?? []),
    ...(isTied ? [changeProcessors[arch]] : []),
  ];
  const program: Instruction[] = [
    load(audit),
    ifEqual(machine.audit, 1, 0),
    answer(killProcess),
    load(callNumber),
    // The second, 32-bit-pointer set of calls of x64 would go round every number below.
    ifAtLeast(0x40000000, 0, 1),
    answer(notPermitted),
    ...refused.flatMap((call) => [ifEqual(call, 0, 1), answer(notPermitted)]),
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
