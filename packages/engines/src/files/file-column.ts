// What is expected of a column of a file, whatever the format.
import type { Column } from '@glovebox/language';

export interface FileColumn extends Column {
  /** The only values, as text whatever the type. */
  readonly categories?: readonly string[];
  /** Whether the file must have it; otherwise it is NULL where the file lacks it. */
  readonly isRequired: boolean;
  /** Whether a missing value is refused. */
  readonly isNullRefused?: boolean;
}

/** The id that begins every row. */
export const patientIdColumn: FileColumn = { name: 'patient_id', type: 'int', isRequired: true, isNullRefused: true };
