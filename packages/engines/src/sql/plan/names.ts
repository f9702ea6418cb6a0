// Names for stages and temporary tables that can't be mistaken for a table of the database.

/** Names longer than this are cut: databases take 63 bytes at most, some of them without a word about the rest. */
const longestStem = 40;

/** Gives a name, made from a stem, that it has not given before and that no table of the definition has. */
export type Names = (stem: string) => string;

/** @param temporaryName what the dialect makes of a name */
export function namesBeside(tables: Iterable<string>, temporaryName: (stem: string) => string = (stem) => stem): Names {
  const taken = new Set([...tables].map((name) => name.toLowerCase()));
  return (stem) => {
    const short = stem.replaceAll(/[^\x20-\x7e]/g, '_').slice(0, longestStem);
    let name = temporaryName(short);
    for (let at = 1; taken.has(name.toLowerCase()); at++) name = temporaryName(`${short}_${at}`);
    taken.add(name.toLowerCase());
    return name;
  };
}
