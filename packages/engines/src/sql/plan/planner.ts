// Query model to stages. Level by level: first the scans that need nothing about a patient, then the patients' values
// that later scans compare rows with, then those scans, and so on; last the values that were asked for.
import type { Pick, Series, Table } from '@glovebox/language';
import type { Dialect } from '../dialect.js';
import { chain, select, type ExpressionNode, type StageNode } from '../tree/index.js';
import { compile } from './compile.js';
import type { Layered } from './layers.js';
import { memberships } from './membership.js';
import type { Names } from './names.js';
import { patientLayers, startOf, type ScanResult } from './patients.js';
import { placeAtoms, type PlacedAtom } from './place.js';
import type { PatientState } from './row-scope.js';
import { scanStages } from './scan.js';
import type { SourceTable } from './universe.js';
import type { Uploads } from './uploads.js';

export interface PlanInput {
  readonly dialect: Dialect;
  /** Which patients: those for whom it is true. */
  readonly population: Series;
  /** The values that are asked for. */
  readonly outputs: readonly Series[];
  /** Tables whose patients are looked at when the population doesn't name one to start from. */
  readonly universeTables: readonly SourceTable[];
  readonly ties: ReadonlyMap<Pick, readonly string[]>;
  readonly names: Names;
  readonly uploads: Uploads;
  /** What patients are kept by; the population itself when absent. */
  readonly filters?: readonly Series[];
  /** A table of patients, the population among them, that has some values already. */
  readonly base?: PatientState | undefined;
  /** Where the rows of a table are read from; the table itself when absent. */
  readonly relationOf?: ((table: Table) => string) | undefined;
  /** Series that each of those relations has as columns beside those of its table. */
  readonly besideRows?: ReadonlyMap<Series, string> | undefined;
}

export interface PatientPlan {
  readonly stages: readonly StageNode[];
  /** One row for each patient of the population; the outputs can be compiled from it. */
  readonly patients: Layered;
}

/**
 * Plans the values of the patients of a population.
 *
 * @throws ProblemError when the dialect can't store a constant.
 */
export function planPatients(input: PlanInput): PatientPlan {
  const { dialect, population, outputs, uploads, names, base, filters = [population] } = input;
  const membership = memberships();
  const isGiven = (node: Series): boolean => base?.columns.has(node) === true;
  const roots = [...filters, ...outputs];
  const { atoms, levelOf } = placeAtoms(roots, { membership, ties: input.ties }, isGiven);
  const start = base
    ? { relation: base.name, table: undefined, isSmall: false, stage: undefined }
    : startOf(population, input.universeTables, uploads, names);
  const stages: StageNode[] = start.stage ? [start.stage] : [];
  const results = new Map<Series, ScanResult>();
  let state = base;
  let isFiltered = filters.length === 0;
  const filterLevel = Math.max(-1, ...filters.map(levelOf));
  const deepest = Math.max(-1, ...atoms.map((placed) => placed.level));
  for (let level = 0; level <= deepest; level++) {
    const here = atoms.filter((placed) => placed.level === level);
    if (level > 0 && here.some((placed) => placed.exports.length > 0)) {
      const filter = !isFiltered && filterLevel < level;
      const exports = new Set(here.flatMap((placed) => placed.exports));
      const kept = [...(state?.columns.keys() ?? []), ...exports];
      const layers = patientLayers({
        roots: filter ? [...kept, ...filters] : kept,
        start,
        state,
        results,
        dialect,
        uploads,
      });
      const stage = stateStage(names('patient_values'), [...new Set(kept)], layers, filter ? filters : []);
      stages.push(stage.stage);
      state = stage.state;
      isFiltered ||= filter;
    }
    const few = state ?? (start.isSmall ? { name: start.relation, columns: new Map<Series, string>() } : undefined);
    for (const [table, group] of byTable(here)) {
      const name = names(`${table.name}_rows`);
      const scan = scanStages({
        name,
        table,
        relation: input.relationOf?.(table) ?? table.name,
        atoms: group.map((placed) => placed.atom),
        state: group.some((placed) => placed.exports.length > 0) || start.isSmall ? few : undefined,
        besideRows: input.besideRows,
        dialect,
        uploads,
        names,
      });
      stages.push(...scan.stages);
      for (const { atom } of group) {
        const read = scan.readerOf.get(atom)!;
        for (const { node, value } of atom.results) {
          results.set(node, { stage: name, value: (column) => value((part) => read(part, column), dialect) });
        }
      }
    }
  }
  const wanted = isFiltered ? outputs : [...filters, ...outputs];
  const patients = patientLayers({ roots: wanted, start, state, results, dialect, uploads });
  return { stages, patients: isFiltered ? patients : filtered(patients, filters) };
}

function byTable(atoms: readonly PlacedAtom[]): ReadonlyMap<Table, readonly PlacedAtom[]> {
  const groups = new Map<Table, PlacedAtom[]>();
  for (const placed of atoms) {
    const group = groups.get(placed.atom.table);
    if (group) group.push(placed);
    else groups.set(placed.atom.table, [placed]);
  }
  return groups;
}

function filtered(layers: Layered, filters: readonly Series[]): Layered {
  const parts: ExpressionNode[] = layers.where ? [layers.where] : [];
  return { ...layers, where: chain('and', [...parts, ...filters.map((series) => compile(series, layers.scope))]) };
}

function stateStage(
  name: string,
  values: readonly Series[],
  layers: Layered,
  filters: readonly Series[],
): { readonly stage: StageNode; readonly state: PatientState } {
  const { sources, where, scope, leaf } = filtered(layers, filters);
  const columns = values.map((node, at) => ({ node, name: `x${at}`, value: compile(node, scope) }));
  const query = select({
    columns: [
      { name: 'patient_id', value: leaf('patient_id') },
      ...columns.map((c) => ({ name: c.name, value: c.value })),
    ],
    from: sources,
    where,
  });
  return { stage: { name, query }, state: { name, columns: new Map(columns.map((c) => [c.node, c.name])) } };
}
