// What real data of a table keeps to, checked on the values that a test makes up: a test about data that can't exist
// proves nothing. Only values that are given are checked.
import { constraintsOf, type Column, type ColumnConstraint, type Nullable } from '@glovebox/language';

/** The rules that a value breaks, each as a short text. */
export function constraintsBroken(table: string, column: Column, value: Nullable): readonly string[] {
  const rules = [...constraintsOf(table, column)];
  if (column.categories && !rules.some((rule) => rule.kind === 'Categorical')) {
    rules.push({ kind: 'Categorical', values: column.categories });
  }
  return rules.filter((rule) => !isMet(rule, value)).map(describe);
}

function isMet(rule: ColumnConstraint, value: Nullable): boolean {
  if (rule.kind === 'NotNull') return value !== null;
  if (value === null) return true;
  switch (rule.kind) {
    case 'Categorical':
      return rule.values.some((one) => String(one) === String(value));
    case 'FirstOfMonth':
      return String(value).endsWith('-01');
    case 'Regex':
      return new RegExp(`^(?:${rule.regex})`).test(String(value));
    case 'ClosedRange':
      return Number(value) >= rule.minimum && Number(value) <= rule.maximum;
    case 'Unique':
    case 'GeneralRange':
    case 'DateAfter':
    default:
      return true;
  }
}

function describe(rule: ColumnConstraint): string {
  const parameters = {
    Categorical: 'values' in rule ? rule.values.map((value) => `'${value}'`).join(', ') : '',
    Regex: 'regex' in rule ? `'${rule.regex}'` : '',
    ClosedRange: 'step' in rule ? `${rule.minimum}, ${rule.maximum}` : '',
  };
  return `Constraint.${rule.kind}(${parameters[rule.kind as keyof typeof parameters] ?? ''})`;
}
