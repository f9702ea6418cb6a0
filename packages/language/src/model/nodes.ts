// What a definition means: typed, immutable nodes. Two equal nodes are one object (the reader shares them), so `===` is
// structural equality and a Map keyed by node is a memo table. A series has a type and a domain; a frame has a domain.
// The rules of types and domains are in `check.ts`, the JSON form in `README.md` and `read.ts`.

export type BasicType = 'bool' | 'int' | 'float' | 'str' | 'date';
export const codeTypes = ['SNOMEDCTCode', 'DMDCode', 'CTV3Code', 'ICD10Code', 'OPCS4Code', 'BNFCode'] as const;
export const multiCodeTypes = ['ICD10MultiCodeString', 'OPCS4MultiCodeString'] as const;
export type CodeType = (typeof codeTypes)[number];
export type MultiCodeType = (typeof multiCodeTypes)[number];
export type SeriesType = BasicType | CodeType | MultiCodeType;

/**
 * One value of a series: int is bigint (exact at any size), float is number, date is an ISO string `2020-01-31`,
 * codes are strings. NULL is null.
 */
export type Scalar = boolean | bigint | number | string;
export type Nullable = Scalar | null;

export interface Column {
  readonly name: string;
  readonly type: SeriesType;
  /** The closed set of values, in order, where the schema declares one. */
  readonly categories?: readonly string[];
  /** What a table that the study declares promises of its values; for other tables it is known by their name. */
  readonly constraints?: readonly ColumnConstraint[];
  readonly dummyDataConstraints?: readonly ColumnConstraint[];
}

/** What holds for the values of a column; `kind` names the rule, the other fields are its parameters. */
export type ColumnConstraint =
  | { readonly kind: 'NotNull' | 'Unique' | 'FirstOfMonth' }
  | { readonly kind: 'Categorical'; readonly values: readonly (string | number | null)[] }
  | { readonly kind: 'Regex'; readonly regex: string }
  | { readonly kind: 'ClosedRange'; readonly minimum: number; readonly maximum: number; readonly step: number }
  | {
      readonly kind: 'GeneralRange';
      readonly minimum: string | number | null;
      readonly maximum: string | number | null;
      readonly includes_minimum: boolean;
      readonly includes_maximum: boolean;
    }
  | { readonly kind: 'DateAfter'; readonly column_names: readonly string[] };

// ---- Frames -----------------------------------------------------------------------------------------------------

/** A table of the backend; `rows` is how many rows a patient can have. */
export interface Table {
  readonly kind: 'table';
  readonly name: string;
  readonly rows: 'one' | 'many';
  readonly columns: readonly Column[];
}
/** A one-row-per-patient table whose rows stand in the definition; each row is the patient id, then the columns. */
export interface InlineTable {
  readonly kind: 'inline_table';
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly [bigint, ...Nullable[]])[];
}
/** A one-row-per-patient table in a file of the study, for example made by an earlier action. */
export interface FileTable {
  readonly kind: 'file_table';
  readonly path: string;
  readonly columns: readonly Column[];
}
/** The rows for which the condition is true (not false, not NULL). */
export interface Filter {
  readonly kind: 'filter';
  readonly source: ManyRowsFrame;
  readonly condition: Series;
}
/** Orders by one key, NULL first. The outermost sort of a chain has the highest priority. */
export interface Sort {
  readonly kind: 'sort';
  readonly source: ManyRowsFrame;
  readonly by: Series;
}
/** The first or last row of each patient. Ties are broken by the columns selected from this pick; see README. */
export interface Pick {
  readonly kind: 'pick';
  readonly source: ManyRowsFrame;
  readonly position: 'first' | 'last';
}
export type ManyRowsFrame = Table | Filter | Sort;
export type OneRowFrame = Table | InlineTable | FileTable | Pick;
export type Frame = Table | InlineTable | FileTable | Filter | Sort | Pick;

// ---- Series: leaves ---------------------------------------------------------------------------------------------

export interface Value {
  readonly kind: 'value';
  readonly type: SeriesType;
  readonly value: Scalar;
}
/** A set of constants; only the right side of `in`. Never holds NULL; order is as written, duplicates removed. */
export interface ValueSet {
  readonly kind: 'value_set';
  readonly type: SeriesType;
  readonly values: readonly Scalar[];
}
/** A placeholder that measures fill in for each interval. */
export interface Parameter {
  readonly kind: 'parameter';
  readonly name: 'interval_start_date' | 'interval_end_date';
  readonly type: 'date';
}
export interface SelectColumn {
  readonly kind: 'select_column';
  readonly source: Frame;
  readonly name: string;
}

// ---- Series: aggregations (result has one value a patient) ---------------------------------------------------------

export interface FrameAggregation {
  readonly kind: 'exists' | 'count';
  readonly source: Frame;
}
export interface SeriesAggregation {
  readonly kind: 'count_distinct' | 'min' | 'max' | 'sum' | 'mean' | 'combine_as_set';
  readonly source: Series;
}
/** Sorted by date, a new episode starts when the gap to the row before is more than `maximumGapDays`. */
export interface CountEpisodes {
  readonly kind: 'count_episodes';
  readonly source: Series;
  readonly maximumGapDays: number;
}
export type Aggregation = FrameAggregation | SeriesAggregation | CountEpisodes;

// ---- Series: functions --------------------------------------------------------------------------------------------

export const unaryKinds = [
  'not',
  'is_null',
  'negate',
  'absolute',
  'cast_to_int',
  'cast_to_float',
  'year',
  'month',
  'day',
  'to_first_of_year',
  'to_first_of_month',
] as const;
export const binaryKinds = [
  'eq',
  'ne',
  'lt',
  'le',
  'gt',
  'ge',
  'and',
  'or',
  'add',
  'subtract',
  'multiply',
  'true_divide',
  'floor_divide',
  'power',
  'add_days',
  'add_months',
  'add_years',
  'difference_in_days',
  'difference_in_months',
  'difference_in_years',
  'contains',
  'in',
] as const;
export type UnaryKind = (typeof unaryKinds)[number];
export type BinaryKind = (typeof binaryKinds)[number];

export interface Unary {
  readonly kind: UnaryKind;
  readonly source: Series;
}
/**
 * `add_*`: date, then int. `difference_in_*`: left minus right (`end - start`). `contains`: text, then part.
 * `in`: the right side is a `value_set` or a `combine_as_set`.
 */
export interface Binary {
  readonly kind: BinaryKind;
  readonly left: Series;
  readonly right: Series;
}
/** The greatest or least of the values that are not NULL. */
export interface Extreme {
  readonly kind: 'maximum_of' | 'minimum_of';
  readonly sources: readonly Series[];
}
/** The result of the first case whose condition is true; a null result or default is NULL. */
export interface Case {
  readonly kind: 'case';
  readonly cases: readonly { readonly when: Series; readonly then: Series | null }[];
  readonly otherwise: Series | null;
}

export type Series = Value | ValueSet | Parameter | SelectColumn | Aggregation | Unary | Binary | Extreme | Case;
export type Node = Frame | Series;

// ---- Definitions --------------------------------------------------------------------------------------------------

export interface DummyDataOptions {
  /** Absent when the definition doesn't say. */
  readonly populationSize?: number;
  readonly timeoutSeconds?: number;
  readonly legacy?: boolean;
  readonly additionalPopulationConstraint?: Series;
}
export interface NamedSeries {
  readonly name: string;
  readonly series: Series;
}
export interface DatasetDefinition {
  readonly kind: 'dataset';
  readonly population: Series;
  /** In output order; `patient_id` comes before them. */
  readonly columns: readonly NamedSeries[];
  readonly eventTables: readonly { readonly name: string; readonly columns: readonly NamedSeries[] }[];
  readonly dummyData: DummyDataOptions;
}
/** ISO dates, both inclusive. */
export interface Interval {
  readonly start: string;
  readonly end: string;
}
export interface Measure {
  readonly name: string;
  readonly numerator: Series;
  readonly denominator: Series;
  readonly groupBy: readonly NamedSeries[];
  /** Distinct, ascending. */
  readonly intervals: readonly Interval[];
}
export interface MeasuresDefinition {
  readonly kind: 'measures';
  readonly measures: readonly Measure[];
  readonly dummyData: DummyDataOptions;
  readonly disclosureControl: boolean;
}
