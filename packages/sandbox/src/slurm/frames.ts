// How the node tells the agent what a command prints and how it ended: pieces with a header of five bytes (what it is, how
// long), appended to a file in the folder that both see.
//
// All of it goes through files that only grow and are opened anew for each look, since that is what network file systems
// promise to show to others. A file that has become long ends with a piece that says so, and what was read is removed: an
// action that prints without end must not fill the folder twice.

/** `next`: the rest is in the next file. `end`: JSON of an Ending; nothing follows. `memory`: bytes in use, as a decimal number. */
export const frameKinds = ['stdout', 'stderr', 'next', 'end', 'memory'] as const;
export type FrameKind = (typeof frameKinds)[number];

export interface Frame {
  readonly kind: FrameKind;
  readonly content: Buffer;
}

const headerBytes = 5;

export function encodeFrame(kind: FrameKind, content: Buffer): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.writeUInt8(frameKinds.indexOf(kind), 0);
  header.writeUInt32BE(content.length, 1);
  return Buffer.concat([header, content]);
}

/**
 * @param bytes from the start of a frame
 * @returns the frames that are whole, and how many bytes they take
 * @throws Error for bytes that no node wrote
 */
export function takeFrames(bytes: Buffer): { readonly frames: readonly Frame[]; readonly taken: number } {
  const frames: Frame[] = [];
  let at = 0;
  while (bytes.length - at >= headerBytes) {
    const kind = frameKinds[bytes.readUInt8(at)];
    if (kind === undefined) throw new Error('what the node wrote can not be read');
    const end = at + headerBytes + bytes.readUInt32BE(at + 1);
    if (end > bytes.length) break;
    frames.push({ kind, content: bytes.subarray(at + headerBytes, end) });
    at = end;
  }
  return { frames, taken: at };
}
