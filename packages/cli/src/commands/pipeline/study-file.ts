// Reads a text file that a user named, with messages for the ways in which that goes wrong.
import { readFile } from 'node:fs/promises';
import { catalogue } from '@glovebox/record';
import { CommandFailure } from '../../command-line.js';

export const studyFileProblems = {
  'file-missing': (file: string) => ({
    message: `There is no file ${file}.`,
    hint: 'Check the path, or change to the folder of the study first.',
  }),
  'file-unreadable': (file: string, reason: string) => ({ message: `The file ${file} can't be read (${reason}).` }),
} as const;

const problem = catalogue(studyFileProblems);

/** @throws CommandFailure with exit code 1 */
export async function readStudyFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown reason';
    throw new CommandFailure(1, [
      code === 'ENOENT' ? problem('file-missing', [file]) : problem('file-unreadable', [file, code]),
    ]);
  }
}
