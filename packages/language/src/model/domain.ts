// Which rows a series has: one value a patient, or one value for each row of some table after some filters. Two series
// can meet in one operation only when their rows correspond. Domains are shared objects, so `===` compares them.
import type { Series, Table } from './nodes.js';

/** A path: patient, then a table of many rows, then one filter after another. Sorting doesn't change it. */
export type Domain = PatientDomain | EventDomain;
export interface PatientDomain {
  readonly kind: 'patient';
}
export interface EventDomain {
  readonly kind: 'event';
  readonly table: Table;
  readonly parent: Domain;
  /** The last filter; undefined for the table itself. */
  readonly condition: Series | undefined;
}

export const patientDomain: PatientDomain = { kind: 'patient' };

const ofTable = new WeakMap<Table, EventDomain>();
const ofFilter = new WeakMap<EventDomain, WeakMap<Series, EventDomain>>();

/** The rows of a whole table. */
export function tableDomain(table: Table): EventDomain {
  let domain = ofTable.get(table);
  if (domain === undefined) {
    domain = { kind: 'event', table, parent: patientDomain, condition: undefined };
    ofTable.set(table, domain);
  }
  return domain;
}

/** Those rows of `parent` for which the condition is true. */
export function filteredDomain(parent: EventDomain, condition: Series): EventDomain {
  let children = ofFilter.get(parent);
  if (children === undefined) {
    children = new WeakMap();
    ofFilter.set(parent, children);
  }
  let domain = children.get(condition);
  if (domain === undefined) {
    domain = { kind: 'event', table: parent.table, parent, condition };
    children.set(condition, domain);
  }
  return domain;
}

/** Whether each row of `inner` has exactly one value of a series with the domain `outer`. */
export function isWithin(inner: Domain, outer: Domain): boolean {
  if (outer.kind === 'patient') return true;
  let step = inner;
  while (step.kind === 'event') {
    if (step === outer) return true;
    step = step.parent;
  }
  return false;
}
