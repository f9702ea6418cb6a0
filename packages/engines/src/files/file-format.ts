// The formats of files of tables and how their names end. Which one a file has is told by its name alone.
export const outputFormats = ['csv', 'csv.gz', 'arrow'] as const;
/** Parquet is only read. */
export const inputFormats = [...outputFormats, 'parquet'] as const;

export type OutputFormat = (typeof outputFormats)[number];
export type InputFormat = (typeof inputFormats)[number];

/** The format of a file, by its name. */
export function formatOfFile(path: string): InputFormat | undefined {
  return inputFormats.find((format) => path.endsWith(`.${format}`));
}

/** `folder:format` in its two parts, for example `results/:csv`; undefined for anything else. */
export function folderAndFormat(text: string): { readonly folder: string; readonly format: InputFormat } | undefined {
  const found = /^(.+):(csv|csv\.gz|arrow|parquet)$/s.exec(text);
  return found ? { folder: found[1]!, format: found[2] as InputFormat } : undefined;
}
