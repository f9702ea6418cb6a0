// The filter of system calls (system-calls.ts) as a profile in the JSON of Docker.
//
// It replaces the engine's own profile, so that a command is refused the same things in every executor and whatever the
// version of the engine: some profiles let a process trace others, make io_uring rings or open a vsock.
import { namespaceFlags, refusedCalls, socketFamilies, terminalRequests } from '../system-calls.js';

interface Condition {
  readonly index: number;
  readonly value: number;
  readonly valueTwo?: number;
  readonly op: 'SCMP_CMP_EQ' | 'SCMP_CMP_GT' | 'SCMP_CMP_MASKED_EQ';
}

const notPermitted = 1;
const notImplemented = 38;
const familyUnknown = 97;
/** The kernel looks at the low half of these arguments alone, so must the filter. */
const lowHalf = 0xffffffff;

const refuse = (names: readonly string[], errnoRet: number, ...args: Condition[]) => ({
  names,
  action: 'SCMP_ACT_ERRNO',
  errnoRet,
  args,
});

const bits = (mask: number) =>
  Array.from({ length: 32 }, (_, i) => 2 ** i).filter((bit) => Math.floor(mask / bit) % 2 === 1);

/** One rule a condition: conditions of one rule would have to hold together. */
export function seccompProfile(): string {
  const lastFamily = Math.max(...socketFamilies);
  const families = Array.from({ length: lastFamily }, (_, i) => i).filter((family) => !socketFamilies.includes(family));
  return JSON.stringify({
    defaultAction: 'SCMP_ACT_ALLOW',
    // A call by the numbers of another processor ends the process that makes it.
    archMap: [
      { architecture: 'SCMP_ARCH_X86_64', subArchitectures: [] },
      { architecture: 'SCMP_ARCH_AARCH64', subArchitectures: [] },
    ],
    syscalls: [
      refuse(Object.keys(refusedCalls), notPermitted),
      refuse(['clone3'], notImplemented),
      ...bits(namespaceFlags).map((bit) =>
        refuse(['clone'], notPermitted, { index: 0, value: bit, valueTwo: bit, op: 'SCMP_CMP_MASKED_EQ' }),
      ),
      refuse(['socket'], familyUnknown, { index: 0, value: lastFamily, op: 'SCMP_CMP_GT' }),
      ...families.map((family) => refuse(['socket'], familyUnknown, { index: 0, value: family, op: 'SCMP_CMP_EQ' })),
      ...terminalRequests.map((request) =>
        refuse(['ioctl'], notPermitted, { index: 1, value: lowHalf, valueTwo: request, op: 'SCMP_CMP_MASKED_EQ' }),
      ),
    ],
  });
}
