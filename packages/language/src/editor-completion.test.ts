// What an editor offers after a point in a definition: the language server that editors run is asked.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pythonFolder } from './evaluate/child-command.js';
import { languageServer, type LanguageServer } from './testing/language-server.js';

const head = `from ehrql import *
from ehrql.tables import EventFrame, Series, table
from ehrql.tables.tpp import *
@table
class visits(EventFrame):
    ward = Series(str)
dataset = create_dataset()
dataset.age = patients.age_on("2020-01-01")
measures = create_measures()
codes = codelist_from_csv("codes.csv", column="code")
groups = codelist_from_csv("codes.csv", column="code", category_column="group")
`.split('\n');

const columns = ['date', 'snomedct_code', 'ctv3_code', 'numeric_value', 'consultation_id'];
const counts = ['exists_for_patient', 'count_for_patient'];
const rows = ['where', 'except_where', 'sort_by', 'first_for_patient', 'last_for_patient', ...counts];
const series = ['is_null', 'is_not_null', 'when_null_then', 'map_values', 'is_in', 'is_not_in'];
const comparisons = ['is_before', 'is_on_or_before', 'is_after', 'is_on_or_after'];
const spans = ['is_between_but_not_on', 'is_on_or_between', 'is_during'];
const dates = ['year', 'month', 'day', 'to_first_of_year', 'to_first_of_month', ...comparisons, ...spans];
const numbers = ['absolute', 'as_int', 'as_float'];
const events = ['count_distinct_for_patient', 'minimum_for_patient', 'maximum_for_patient'];

const offers: Readonly<Record<string, readonly string[]>> = {
  'patients.': ['date_of_birth', 'sex', 'date_of_death', 'age_on', 'is_alive_on', 'is_dead_on', ...counts],
  'clinical_events.': [...columns, ...rows],
  'clinical_events.where(clinical_events.date > "2020-01-01").': [...columns, ...rows],
  'clinical_events.sort_by(clinical_events.date).last_for_patient().': [...columns, ...counts],
  'visits.': ['ward', ...rows],
  'clinical_events.date.': [...series, ...dates, ...events, 'count_episodes_for_patient'],
  'patients.date_of_birth.': [...series, ...dates],
  'patients.sex.': [...series, 'contains'],
  'clinical_events.numeric_value.': [...series, ...numbers, ...events, 'sum_for_patient', 'mean_for_patient'],
  'clinical_events.snomedct_code.': [...series, 'to_category', 'count_distinct_for_patient'],
  'dataset.': ['define_population', 'population', 'add_column', 'add_event_table', 'configure_dummy_data'],
  'dataset.age.': [...series, ...numbers],
  'measures.': ['define_measure', 'define_defaults', 'configure_dummy_data', 'configure_disclosure_control'],
  'months(3).': ['starting_on', 'ending_on'],
  'when(patients.sex == "male").': ['then'],
};
/** Of lists, dicts and tuples Python offers more; texts of several codes have methods that only say which to use instead. */
const offersAmongOthers: Readonly<Record<string, readonly string[]>> = {
  'apcs.all_diagnoses.': ['contains', 'contains_any_of', 'is_null', 'count_distinct_for_patient'],
  'codes.': ['append', 'index'],
  'groups.': ['keys', 'values', 'items', 'get'],
  'INTERVAL.': ['start_date', 'end_date'],
  'addresses.for_patient_on("2020-01-01").': ['imd_rounded', 'imd_quintile', 'imd_decile', 'msoa_code'],
  'practice_registrations.': ['for_patient_on', 'exists_for_patient_on', 'spanning', 'spanning_with_systmone'],
};

let folder = '';
let server: LanguageServer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'glovebox-completion-'));
  writeFileSync(join(folder, 'pyrightconfig.json'), JSON.stringify({ extraPaths: [pythonFolder] }));
  server = await languageServer(folder);
}, 120_000);
afterAll(() => {
  server.stop();
  rmSync(folder, { recursive: true, force: true });
});

it('offers the columns and methods of tables, rows, series, datasets and codelists', { timeout: 240_000 }, async () => {
  const asked = Object.keys({ ...offers, ...offersAmongOthers });
  const uri = pathToFileURL(join(folder, 'study.py')).href;
  const text = [...head, ...asked].join('\n');
  server.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'python', version: 1, text } });
  for (const [i, expression] of asked.entries()) {
    const position = { line: head.length + i, character: expression.length };
    const answer = await server.request('textDocument/completion', { textDocument: { uri }, position });
    const { items } = answer as { readonly items: readonly { readonly label: string }[] };
    const found = items.map(({ label }) => label).filter((label) => !label.startsWith('_'));
    const all = offers[expression];
    if (all) expect(found.sort(), expression).toEqual([...all].sort());
    else expect(found, expression).toEqual(expect.arrayContaining([...offersAmongOthers[expression]!]));
  }
});
