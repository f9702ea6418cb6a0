// Where epochs begin: an interval in which any of a patient's rows starts or stops taking part.
import {
  aggregate,
  binary,
  call,
  cast,
  column,
  derived,
  either,
  from,
  intLiteral,
  named,
  prefix,
  select,
  type ExpressionNode,
  type FromNode,
  type SelectNode,
} from '../sql/tree/index.js';
import { hasBit } from './bits.js';

/** For each patient a bit for every interval that differs from the one before, and the lowest. */
export function changesIn(rows: string, atoms: number, all: bigint): SelectNode {
  const changes = Array.from({ length: atoms }, (_, at) => {
    const bits = column('r', `m${at}`);
    return call('xor', bits, binary('*', bits, intLiteral(2)));
  });
  const change = changes.reduce<ExpressionNode>((left, right) => binary('|', left, right), cast(intLiteral(1), 'int'));
  const kept = binary('&', binary('|', change, cast(intLiteral(1), 'int')), intLiteral(all - 1n));
  return select({
    columns: [
      { name: 'patient_id', value: column('r', 'patient_id') },
      { name: 'change', value: aggregate('bit_or', [kept]) },
    ],
    from: [from(named(rows), 'r')],
    groupBy: [column('r', 'patient_id')],
  });
}

/** A row for each epoch: its first interval as a bit, and the bit of the interval in which the next begins. */
export function epochsFrom(
  sources: readonly FromNode[],
  change: ExpressionNode,
  bits: string,
  all: bigint,
): SelectNode {
  const changed = select({
    columns: [
      { name: 'patient_id', value: column('c', 'patient_id') },
      { name: 'change', value: change },
    ],
    from: sources,
  });
  const [bit, changes] = [column('b', 'bit'), column('c', 'change')];
  const upToBit = binary('-', binary('*', bit, intLiteral(2)), intLiteral(1));
  const later = binary('-', changes, binary('&', changes, upToBit));
  const next = either(
    binary('=', later, intLiteral(0)),
    cast(intLiteral(all), 'int'),
    binary('&', later, prefix('-', later)),
  );
  return select({
    columns: [
      { name: 'patient_id', value: column('c', 'patient_id') },
      { name: 'bit', value: bit },
      { name: 'next', value: next },
    ],
    from: [from(derived(changed), 'c'), from(named(bits), 'b', { type: 'cross' })],
    where: hasBit(changes, bit),
  });
}
