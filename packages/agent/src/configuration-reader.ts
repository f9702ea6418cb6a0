// Reads fields of a configuration one by one and gathers what is wrong, so that everything is told at once. A value of the
// wrong kind reads as undefined, which never gets out: the configuration is refused as a whole.
import { isAbsolute } from 'node:path';
import type { Problem } from '@glovebox/record';
import { problem } from './problems.js';

export type Fields = Readonly<Record<string, unknown>>;
export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function reader(problems: Problem[]) {
  function read<T>(
    fields: Fields,
    key: string,
    accepted: string,
    parse: (value: unknown) => T | undefined,
    otherwise?: T,
  ): T {
    const value = fields[key];
    const parsed = value === undefined ? otherwise : parse(value);
    if (parsed === undefined) problems.push(problem('configuration-wrong', [key, accepted]));
    return parsed as T;
  }
  return {
    refuseOthers(fields: Fields, known: readonly string[], path = ''): void {
      for (const key of Object.keys(fields)) {
        if (!known.includes(key)) problems.push(problem('configuration-key-unknown', [path + key]));
      }
    },
    text: (fields: Fields, key: string, accepted: string, pattern: RegExp, otherwise?: string) =>
      read(fields, key, accepted, (v) => (typeof v === 'string' && pattern.test(v) ? v : undefined), otherwise),
    oneOf: <T extends string>(fields: Fields, key: string, accepted: readonly T[], otherwise: T) =>
      read(
        fields,
        key,
        accepted.map((one) => `"${one}"`).join(' or '),
        (v) => accepted.find((one) => one === v),
        otherwise,
      ),
    path: (fields: Fields, key: string, otherwise?: string) =>
      read(fields, key, 'an absolute path', (v) => (typeof v === 'string' && isAbsolute(v) ? v : undefined), otherwise),
    number: (fields: Fields, key: string, otherwise: number, least = 0) =>
      read(
        fields,
        key,
        `a whole number from ${least}`,
        (v) => (Number.isSafeInteger(v) && (v as number) >= least ? (v as number) : undefined),
        otherwise,
      ),
    texts: (fields: Fields, key: string, otherwise: readonly string[]) =>
      read(
        fields,
        key,
        'a list of texts',
        (v) => (Array.isArray(v) && v.every((x) => typeof x === 'string') ? v : undefined),
        otherwise,
      ),
    images: (fields: Fields, key: string) =>
      read(fields, key, 'an object with at least one image', (v) =>
        isFields(v) && Object.keys(v).length > 0 ? v : undefined,
      ),
    refuseAny(fields: Fields, others: readonly string[]): void {
      for (const key of others)
        if (fields[key] !== undefined) problems.push(problem('configuration-key-useless', [key]));
    },
    fields: (fields: Fields, key: string, otherwise?: Fields) =>
      read(fields, key, 'an object', (v) => (isFields(v) ? v : undefined), otherwise),
  };
}

export type Reader = ReturnType<typeof reader>;

export const mapFields = <T>(fields: Fields, of: (key: string) => T): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.keys(fields).map((key) => [key, of(key)]));
