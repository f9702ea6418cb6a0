// What a backend adds to every query on its patients, whatever the definition says: who is left out because they opted out or
// because their practice has not agreed, and which events of the others are. A project's permission lifts a filter; a
// definition can't.
import type { Series, Table } from '@glovebox/language';

export interface PopulationFilter {
  /** Lifts the filter when the project has been granted it. */
  readonly permission: string;
  /** One value a patient; only those for whom it is true stay. */
  readonly keeps: Series;
}

export interface ActivationFilter {
  /** Lifts the filter, and that of the population which goes with it. */
  readonly permission: string;
  /** Of a patient the last day whose events may be used. */
  readonly lastDay: Series;
  /** Tables that stand for others while the filter holds: the backend has restricted them itself. */
  readonly restricted: Readonly<Record<string, string>>;
}

export interface Backend {
  readonly name: string;
  readonly population: readonly PopulationFilter[];
  readonly activation?: ActivationFilter;
}

const patients = (name: string, columns: Table['columns'] = []): Table => ({
  kind: 'table',
  name,
  rows: 'one',
  columns,
});

/** A list of those who opted out. */
const typeOneDissent = patients('PatientsWithTypeOneDissent');
/** A list of those who did not, so that an empty list leaves nobody. */
const withoutNationalOptOut = patients('PatientsWithoutNDOO');
const activated = patients('activated', [{ name: 'end_date', type: 'date' }]);
const consent = patients('patient', [{ name: 'is_consent_9nu0', type: 'bool' }]);

const gpActivations = 'include_gp_unactivated';

const backends: readonly Backend[] = [
  {
    name: 'tpp',
    population: [
      { permission: 'include_t1oo', keeps: { kind: 'not', source: { kind: 'exists', source: typeOneDissent } } },
      { permission: 'include_ndoo', keeps: { kind: 'exists', source: withoutNationalOptOut } },
      { permission: gpActivations, keeps: { kind: 'exists', source: activated } },
    ],
    activation: {
      permission: gpActivations,
      lastDay: { kind: 'select_column', source: activated, name: 'end_date' },
      restricted: { practice_registrations: 'practice_registrations_activated' },
    },
  },
  { name: 'emis', population: [] },
  {
    name: 'emisv2',
    population: [
      {
        permission: 'include_t1oo',
        // Unknown is not a dissent.
        keeps: {
          kind: 'case',
          cases: [
            {
              when: { kind: 'not', source: { kind: 'select_column', source: consent, name: 'is_consent_9nu0' } },
              then: { kind: 'value', type: 'bool', value: false },
            },
          ],
          otherwise: { kind: 'value', type: 'bool', value: true },
        },
      },
    ],
  },
];

/** The backend of a name; undefined for one that adds nothing, such as `expectations`. */
export function backendNamed(name: string): Backend | undefined {
  return backends.find((backend) => backend.name === name);
}
