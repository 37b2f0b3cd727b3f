/**
 * Names are snake_case on the wire, in databases and in the JSON of the command line, and camelCase in
 * TypeScript. This file is the one place that translates.
 */

/** Fields whose content belongs to the user or is keyed by the user's names: never looked into. */
export const opaqueFields = [
  'metadata',
  'settings',
  'attributes',
  'artifact_metadata',
  'error_details',
  'details',
  'variable_value',
  'data',
  'variables',
  'orchestration_config',
  'problem',
  'reports',
  'builds_by_platform',
] as const;
/** A field that is never looked into, in snake case. */
type OpaqueField = (typeof opaqueFields)[number];

/** A name in camel case. */
export type CamelCase<S extends string> = S extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : S;

/** A JSON type with its names in camel case, opaque fields' content left as it is. */
export type Camelized<T> = T extends readonly (infer Item)[]
  ? readonly Camelized<Item>[]
  : T extends object
    ? {
        readonly [K in keyof T as K extends string ? CamelCase<K> : K]: K extends OpaqueField
          ? T[K]
          : Camelized<T[K]>;
      }
    : T;

/** Names remembered by each translation: far more than the wire has, and an end for names that callers invent. */
const mostNames = 2000;

/** What becomes of a field. */
export interface Renamed {
  /** Its name in the other spelling. */
  readonly name: string;
  /** Whether its content is left as it is. */
  readonly opaque: boolean;
}

/** A translation that works each name out once: it is asked for every field of every answer. */
function remembering(
  rename: (name: string) => string,
  opaque: ReadonlySet<string>,
): (name: string) => Renamed {
  const known = new Map<string, Renamed>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const renamed = { name: rename(name), opaque: opaque.has(name) };
    if (known.size < mostNames) known.set(name, renamed);
    return renamed;
  };
}

const toCamelCase = (name: string) =>
  name.replace(/(?<=[a-z0-9])_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
const toSnakeCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const camelCase = remembering(toCamelCase, new Set<string>(opaqueFields));
/** What a field of TypeScript is on the wire. */
export const namesOnWire = remembering(toSnakeCase, new Set(opaqueFields.map(toCamelCase)));

function convert(value: unknown, rename: (name: string) => Renamed): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((item) => convert(item, rename));
  const converted: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const member: unknown = (value as Record<string, unknown>)[key];
    if (member === undefined) continue;
    const { name, opaque } = rename(key);
    const result = opaque || typeof member !== 'object' ? member : convert(member, rename);
    // An own `__proto__` of parsed JSON must stay data.
    if (name === '__proto__') Object.defineProperty(converted, name, { value: result, enumerable: true });
    else converted[name] = result;
  }
  return converted;
}

/** JSON from the wire with the names that TypeScript uses. */
export function fromWire<T>(value: unknown): T {
  return convert(value, camelCase) as T;
}

/** A value of TypeScript with the names of the wire; members that are `undefined` are left out. */
export function toWire(value: unknown): unknown {
  return convert(value, namesOnWire);
}
