// Takes apart the stream on which the engine sends both outputs of a container: pieces with a header of eight bytes (which
// output, how long).
//
// Own code, because the one that comes with dockerode calls itself once a piece and copies the rest each time: an action that
// prints byte by byte could end the agent with it. Nothing is kept here but a header that is not complete yet.

const headerBytes = 8;
const none = Buffer.alloc(0);

type Take = (chunk: Buffer, stream: 'stdout' | 'stderr') => void;

/** @returns a function that takes the stream chunk by chunk, however it is cut */
export function demultiplex(take: Take): (chunk: Buffer) => void {
  let header: Buffer = none;
  let stream: 'stdout' | 'stderr' = 'stdout';
  let left = 0;
  return (chunk) => {
    for (let at = 0; at < chunk.length;) {
      if (left > 0) {
        const piece = chunk.subarray(at, at + left);
        take(piece, stream);
        at += piece.length;
        left -= piece.length;
        continue;
      }
      const part = chunk.subarray(at, at + headerBytes - header.length);
      header = header.length === 0 ? part : Buffer.concat([header, part]);
      at += part.length;
      if (header.length < headerBytes) return;
      stream = header.readUInt8(0) === 2 ? 'stderr' : 'stdout';
      left = header.readUInt32BE(4);
      header = none;
    }
  };
}
