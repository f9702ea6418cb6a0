// Runs command lines in a test as a shell would, with a folder of files, and returns what was printed.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { main } from './main.js';

export interface Session {
  readonly folder: string;
  readonly run: (
    ...args: string[]
  ) => Promise<{ readonly exitCode: number; readonly out: string; readonly error: string }>;
}

/** @param files by path inside a new folder; `FOLDER/` in an argument stands for that folder */
export function session(files: Readonly<Record<string, string>> = {}): Session {
  const folder = mkdtempSync(join(tmpdir(), 'glovebox-session-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return {
    folder,
    run: async (...args) => {
      let out = '';
      let error = '';
      const terminal = {
        out: (text: string) => void (out += text),
        error: (text: string) => void (error += text),
        isInteractive: false,
      };
      const exitCode = await main(
        args.map((arg) => arg.replace('FOLDER/', `${folder}/`)),
        terminal,
      );
      return { exitCode, out: out.replaceAll(`${folder}/`, ''), error: error.replaceAll(`${folder}/`, '') };
    },
  };
}
