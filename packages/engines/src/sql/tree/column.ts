// A column of a relation in scope; without a relation the name stands alone.
export interface ColumnNode {
  readonly kind: 'column';
  readonly relation: string | undefined;
  readonly name: string;
}

export const column = (relation: string | undefined, name: string): ColumnNode =>
  Object.freeze({ kind: 'column', relation, name });
