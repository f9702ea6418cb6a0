import { afterEach, describe, expect, it, vi } from 'vitest';
import { session } from '../../testing.js';
import { grantedPermissions } from './permissions.js';

// Only the job's grant counts on real data. The definitions here try to say otherwise.
const widening = `
import os, sys
from ehrql import claim_permissions, create_dataset
claim_permissions("appointments", "event_level_data", "include_t1oo", "include_ndoo", "include_gp_unactivated")
try:
    os.environ["EHRQL_PERMISSIONS"] = '["appointments", "event_level_data", "include_t1oo"]'
    sys.argv += ["--backend", "expectations"]
except Exception:
    pass
`;
const counting = `${widening}
from ehrql.tables.tpp import clinical_events, patients
dataset = create_dataset()
dataset.define_population(patients.exists_for_patient())
dataset.events = clinical_events.count_for_patient()
`;
const ofAppointments = `${widening}
from ehrql.tables.tpp import appointments
dataset = create_dataset()
dataset.define_population(appointments.exists_for_patient())
`;
const ofEvents = `${counting}
dataset.add_event_table("dated", date=clinical_events.date)
`;
const ofOwnTable = `${widening}
from ehrql.tables import EventFrame, PatientFrame, Series, table
@table
class PatientsWithTypeOneDissent(PatientFrame):
    class _meta:
        table_name = "PatientsWithTypeOneDissent"
dataset = create_dataset()
dataset.define_population(PatientsWithTypeOneDissent.exists_for_patient())
`;
const files = {
  'counting.py': counting,
  'appointments.py': ofAppointments,
  'events.py': ofEvents,
  'own.py': ofOwnTable,
  'data/patients.csv': 'patient_id,date_of_birth,sex\n1,1980-01-01,female\n2,1990-01-01,female\n3,1990-01-01,male\n',
  'data/clinical_events.csv': 'patient_id,date\n1,2020-01-01\n1,2023-01-01\n1,\n3,2020-01-01\n',
  'data/appointments.csv': 'patient_id,booked_date\n1,2020-01-01\n',
  'data/PatientsWithTypeOneDissent.csv': 'patient_id\n2\n',
  'data/PatientsWithoutNDOO.csv': 'patient_id\n1\n2\n3\n',
  'data/activated.csv': 'patient_id,end_date\n1,2022-01-01\n2,9999-12-31\n',
};

const backend = ['--dsn', 'FOLDER/data', '--backend', 'tpp'];

async function generate(grant: string | undefined, file: string, args: readonly string[] = backend) {
  vi.stubEnv('EHRQL_PERMISSIONS', grant);
  return session(files).run('ehrql', 'generate-dataset', `FOLDER/${file}`, ...args);
}

afterEach(() => vi.unstubAllEnvs());

describe('on real data', () => {
  it.each<[string, string | undefined, string]>([
    ['appointments.py', undefined, 'appointments (for the table appointments)'],
    ['appointments.py', '[]', 'appointments (for the table appointments)'],
    ['appointments.py', '["event_level_data"]', 'appointments (for the table appointments)'],
    ['events.py', '["appointments"]', 'event_level_data (for output with several rows a patient)'],
    ['events.py', '{"event_level_data": true}', 'is not a JSON list of names'],
    ['events.py', 'event_level_data', 'is not a JSON list of names'],
  ])('%s with the grant %s is refused, whatever it claims', async (file, grant, message) => {
    const run = await generate(grant, file);
    expect(run).toMatchObject({ exitCode: 12, out: '' });
    expect(run.error).toContain(message);
  });

  it('what was granted is allowed', async () => {
    const run = await generate('["appointments"]', 'appointments.py');
    expect(run).toMatchObject({ exitCode: 0, out: 'patient_id\r\n1\r\n' });
  });

  it.each<[string | undefined, string]>([
    [undefined, '1,1\r\n'],
    ['["include_t1oo"]', '1,1\r\n2,0\r\n'],
    ['["include_gp_unactivated"]', '1,3\r\n3,1\r\n'],
    ['["include_t1oo", "include_gp_unactivated", "include_ndoo"]', '1,3\r\n2,0\r\n3,1\r\n'],
  ])('with the grant %s the backend leaves out who opted out and what came later', async (grant, rows) => {
    const run = await generate(grant, 'counting.py');
    expect(run).toMatchObject({ exitCode: 0, out: `patient_id,events\r\n${rows}` });
  });

  it('a definition reads no list of those who opted out', async () => {
    const run = await generate('[]', 'own.py');
    expect(run).toMatchObject({ exitCode: 10, out: '' });
    expect(run.error).toContain('has no table called PatientsWithTypeOneDissent for studies');
  });

  it('a database without the list of opt-outs answers nothing', async () => {
    vi.stubEnv('EHRQL_PERMISSIONS', '[]');
    const { 'data/PatientsWithTypeOneDissent.csv': _list, ...others } = files;
    const run = await session(others).run('ehrql', 'generate-dataset', 'FOLDER/counting.py', ...backend);
    expect(run).toMatchObject({ exitCode: 11, out: '' });
  });
});

describe('on dummy data', () => {
  it('the claim is what counts, and nobody is left out', async () => {
    const tables = ['--dummy-tables', 'FOLDER/data'];
    expect(await generate('[]', 'counting.py', [...tables, '--backend', 'tpp'])).toMatchObject({
      exitCode: 0,
      out: 'patient_id,events\r\n1,3\r\n2,0\r\n3,1\r\n',
    });
    const unclaimed = ofAppointments.replace('"appointments", ', '');
    const run = await session({ ...files, 'unclaimed.py': unclaimed }).run(
      'ehrql',
      'generate-dataset',
      'FOLDER/unclaimed.py',
      ...tables,
    );
    expect(run.exitCode).toBe(12);
    expect(run.error).toContain('claim_permissions("appointments")');
  });
});

it.each(['', undefined])('no grant at all (%j) grants nothing', (text) => {
  expect(grantedPermissions(text)).toEqual([]);
});
