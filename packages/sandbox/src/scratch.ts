// How much a command may keep in the folders that are held in memory; the same for every executor.

/** Bytes that the private /tmp and /dev/shm hold: they are memory, and count as such. */
export const scratchBytes = (memoryBytes: number) => ({
  tmp: Math.max(2 ** 20, Math.floor(memoryBytes / 2)),
  shm: Math.max(2 ** 20, Math.min(2 ** 28, Math.floor(memoryBytes / 8))),
});
