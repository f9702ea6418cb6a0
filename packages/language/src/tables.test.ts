import { describe, expect, it } from 'vitest';
import { permissionFor, tableCatalogue } from './tables.js';

const tables = Object.values(tableCatalogue().tables);

describe('the permission that a table takes', () => {
  // What the sites agreed on; a table that leaves this list is a decision, not a refactoring.
  it('is asked of these tables and no others', () => {
    const restricted = tables.filter(({ permission }) => permission !== null);
    expect(Object.fromEntries(restricted.map(({ name, permission }) => [name, permission]))).toEqual({
      appointments: 'appointments',
      covid_therapeutics: 'covid_therapeutics',
      isaric_raw: 'isaric',
      occupation_on_covid_vaccine_record: 'occupation_on_covid_vaccine_record',
      open_prompt: 'open_prompt',
      sgss_covid_all_tests: 'sgss_covid_all_tests',
      ukrr: 'ukrr',
      wl_clockstops: 'waiting_list',
      wl_clockstops_raw: 'waiting_list',
      wl_openpathways: 'waiting_list',
      wl_openpathways_raw: 'waiting_list',
    });
  });

  it('is the same in whatever letters a definition writes its name', () => {
    for (const { name } of tables) {
      expect(permissionFor(name.toUpperCase())).toBe(permissionFor(name));
      expect(permissionFor(`${name[0]!.toUpperCase()}${name.slice(1)}`)).toBe(permissionFor(name));
    }
    expect(permissionFor('a table of a study')).toBeUndefined();
  });

  it('is that of the table in each namespace that has one of its name', () => {
    for (const { name, permission } of tables) expect(permissionFor(name) ?? null, name).toBe(permission);
  });
});
