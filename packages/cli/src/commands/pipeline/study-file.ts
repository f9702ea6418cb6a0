// Reads a text file that a user named, with messages for the ways in which that goes wrong. The size is the one that a site takes,
// and no more than that is ever read: the file may be one that never ends.
import { open } from 'node:fs/promises';
import { catalogue } from '@glovebox/record';
import { CommandFailure } from '../../command-line.js';

export const studyFileProblems = {
  'file-missing': (file: string) => ({
    message: `There is no file ${file}.`,
    hint: 'Check the path, or change to the folder of the study first.',
  }),
  'file-unreadable': (file: string, reason: string) => ({
    message: `The file ${file} can't be read (${reason}).`,
    hint: 'A text file that may be read is accepted, such as the project.yaml of a study.',
  }),
  'study-file-too-large': (file: string) => ({
    message: `The file ${file} is longer than ${mostBytes / 2 ** 20} MiB, which is more than is read.`,
    hint: 'Check that it is the file that was meant.',
  }),
  'study-file-not-utf-8': (file: string, found: string) => ({
    message: `The file ${file} is not text in UTF-8: ${found}.`,
    hint: 'Save it as UTF-8 in the editor that wrote it.',
  }),
} as const;

const problem = catalogue(studyFileProblems);
const mostBytes = 4 * 2 ** 20;
const reasons: Readonly<Record<string, string>> = {
  EISDIR: 'it is a folder',
  EACCES: 'this user may not read it',
  ENOTDIR: 'a part of its path is not a folder',
  ELOOP: 'its links lead in a circle',
};

/** @throws CommandFailure with exit code 1 */
export async function readStudyFile(file: string): Promise<string> {
  const bytes = await readStart(file, mostBytes + 1).catch((error: NodeJS.ErrnoException) => {
    const { code = 'unknown reason' } = error;
    throw new CommandFailure(1, [
      code === 'ENOENT' ? problem('file-missing', [file]) : problem('file-unreadable', [file, reasons[code] ?? code]),
    ]);
  });
  if (bytes.length > mostBytes) throw new CommandFailure(1, [problem('study-file-too-large', [file])]);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new CommandFailure(1, [problem('study-file-not-utf-8', [file, oddity(bytes)])]);
  }
}

async function readStart(file: string, most: number): Promise<Buffer> {
  const handle = await open(file);
  try {
    const chunks: Buffer[] = [];
    for (let length = 0; length < most; length += chunks.at(-1)?.length ?? 0) {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(Math.min(2 ** 16, most - length)));
      if (bytesRead === 0) break;
      chunks.push(buffer.subarray(0, bytesRead));
    }
    return Buffer.concat(chunks);
  } finally {
    await handle.close();
  }
}

function oddity(bytes: Buffer): string {
  const start = bytes.toString('latin1', 0, 2);
  if (start === '\u00ff\u00fe' || start === '\u00fe\u00ff') return 'it begins as UTF-16 does';
  const whole = bytes.toString('utf8');
  const line = whole.slice(0, whole.indexOf('\ufffd')).split('\n').length;
  return `line ${line} holds bytes that stand for no character`;
}
