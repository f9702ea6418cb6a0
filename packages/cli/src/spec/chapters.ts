// Finds the chapters of spec/: a folder is a chapter, each Markdown file in it a section, and README.md its introduction.
// Numbers in front of names only give the order.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSection, type Section } from './read-section.js';

export interface Chapter {
  /** The folder without its number. */
  readonly name: string;
  readonly introduction: Section;
  readonly sections: readonly Section[];
}

/** @param folder the path of spec/ */
export function chapters(folder: string): readonly Chapter[] {
  const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => /^\d/.test(entry.name));
  return folders
    .map((entry) => entry.name)
    .sort()
    .map((name) => {
      const read = (file: string): Section =>
        readSection(`spec/${name}/${file}`, readFileSync(join(folder, name, file), 'utf8'));
      const files = readdirSync(join(folder, name))
        .filter((file) => /^\d.*\.md$/.test(file))
        .sort();
      return { name: name.replace(/^\d+-/, ''), introduction: read('README.md'), sections: files.map(read) };
    });
}
