// Names for stages and temporary tables that can't be mistaken for a table of the database.

/** Gives a name, made from a stem, that it has not given before and that no table of the definition has. */
export type Names = (stem: string) => string;

export function namesBeside(tables: Iterable<string>): Names {
  const taken = new Set([...tables].map((name) => name.toLowerCase()));
  return (stem) => {
    let name = stem;
    for (let at = 1; taken.has(name.toLowerCase()); at++) name = `${stem}_${at}`;
    taken.add(name.toLowerCase());
    return name;
  };
}
