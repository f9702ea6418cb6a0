// A constant. Its spelling belongs to the printer: no text from outside reaches SQL any other way.
export type LiteralNode =
  | { readonly kind: 'literal'; readonly type: 'null' }
  | { readonly kind: 'literal'; readonly type: 'bool'; readonly value: boolean }
  | { readonly kind: 'literal'; readonly type: 'int'; readonly value: bigint }
  | { readonly kind: 'literal'; readonly type: 'float'; readonly value: number }
  | { readonly kind: 'literal'; readonly type: 'str' | 'date'; readonly value: string };

export const nullLiteral: LiteralNode = Object.freeze({ kind: 'literal', type: 'null' });
export const boolLiteral = (value: boolean): LiteralNode => Object.freeze({ kind: 'literal', type: 'bool', value });
export const intLiteral = (value: bigint | number): LiteralNode =>
  Object.freeze({ kind: 'literal', type: 'int', value: BigInt(value) });
export const floatLiteral = (value: number): LiteralNode => Object.freeze({ kind: 'literal', type: 'float', value });
export const textLiteral = (value: string): LiteralNode => Object.freeze({ kind: 'literal', type: 'str', value });
export const dateLiteral = (value: string): LiteralNode => Object.freeze({ kind: 'literal', type: 'date', value });
