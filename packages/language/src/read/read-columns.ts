// Reads the columns of a table: names, types, closed sets of values, and what a study's own table promises of them.
import type { Column } from '../model/nodes.js';
import { fields, list, Malformed, seriesType, short, text, type Json } from './fields.js';
import { constraints } from './read-constraint.js';

const columnName = /^[\p{L}_][\p{L}\p{M}\p{N}_]{0,199}$/u;

export function columns(value: Json, where: string): readonly Column[] {
  const seen = new Set<string>(['patient_id']);
  return list(value, where).map((item, i) => {
    const at = `${where}.columns[${i}]`;
    const f = fields(item, at);
    const name = text(f.take('name'), at);
    if (!columnName.test(name)) throw new Malformed(at, `${short(name)} is not a column name`);
    if (seen.has(name)) throw new Malformed(at, `the column ${short(name)} is there twice`);
    seen.add(name);
    const type = seriesType(f.take('type'), at);
    const categories = f.has('categories') ? list(f.take('categories'), at).map((c) => text(c, at)) : undefined;
    const rules = f.has('constraints') ? constraints(f.take('constraints'), at) : undefined;
    const dummyRules = f.has('dummy_data_constraints') ? constraints(f.take('dummy_data_constraints'), at) : undefined;
    f.end();
    return {
      name,
      type,
      ...(categories && { categories }),
      ...(rules && { constraints: rules }),
      ...(dummyRules && { dummyDataConstraints: dummyRules }),
    };
  });
}
