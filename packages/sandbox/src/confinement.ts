// What a probe looks at: the kernel's own words about a confined process, rather than trust that an option worked.

/** Prints, from inside, what `findLeak` reads. */
export const lookAround: readonly [string, ...string[]] = ['/bin/cat', '/proc/self/status', '/proc/net/route'];

const expected: readonly (readonly [RegExp, string])[] = [
  [/^Uid:\s*[1-9]/m, 'it is root'],
  [/^CapEff:\s*0+$/m, 'it has capabilities'],
  [/^CapBnd:\s*0+$/m, 'it can gain capabilities'],
  [/^NoNewPrivs:\s*1$/m, 'it can gain privileges'],
  [/^Seccomp:\s*2$/m, 'its system calls are not filtered'],
];

/**
 * @param seen what `lookAround` printed
 * @returns what is wrong with the confinement, or undefined
 */
export function findLeak(seen: string): string | undefined {
  const broken = expected.find(([pattern]) => !pattern.test(seen));
  if (broken) return broken[1];
  // The kernel may show tunnel devices in every namespace; without a route nothing leaves through them.
  const routes = seen.slice(seen.indexOf('Iface\t')).trim().split('\n').slice(1);
  return !seen.includes('Iface\t') || routes.length > 0 ? 'it sees a network' : undefined;
}
