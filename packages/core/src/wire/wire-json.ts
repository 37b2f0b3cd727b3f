import { namesOnWire } from './casing.ts';

/** What stands before a value, by its field's name in TypeScript. */
interface Beginning {
  /** As of the first member of an object: `"build_id":`. */
  readonly first: string;
  /** As of any other: `,"build_id":`. */
  readonly next: string;
  /** Whether its content is left as it is. */
  readonly opaque: boolean;
}

/** Names remembered: far more than answers have, and an end for names that callers invent. */
const mostNames = 2000;
const known = new Map<string, Beginning>();

function beginningOf(field: string): Beginning {
  const before = known.get(field);
  if (before !== undefined) return before;
  const { name, opaque } = namesOnWire(field);
  const first = `${JSON.stringify(name)}:`;
  const beginning = { first, next: `,${first}`, opaque };
  if (known.size < mostNames) known.set(field, beginning);
  return beginning;
}

/** What JSON does not take as it is, or may not. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what JSON escapes
const escaped = /["\\\u0000-\u001f\ud800-\udfff]/;
/** Longest text that is looked through here: for longer ones the engine's own way is faster. */
const short = 64;

/** A text as JSON. */
export function textJson(text: string): string {
  return text.length > short || escaped.test(text) ? JSON.stringify(text) : `"${text}"`;
}

function objectJson(value: object): string {
  let json = '';
  for (const field of Object.keys(value)) {
    const member: unknown = (value as Record<string, unknown>)[field];
    if (member === undefined) continue;
    const { first, next, opaque } = beginningOf(field);
    json += (json === '' ? first : next) + (opaque ? JSON.stringify(member) : toWireJson(member));
  }
  return `{${json}}`;
}

/**
 * The JSON of a value with the names of the wire: what `JSON.stringify(toWire(value))` makes, in one pass and in half the
 * time, because nothing is built but the text. Members that are `undefined` are left out.
 * @throws TypeError for what JSON cannot say
 */
export function toWireJson(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return textJson(value);
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `[${value.map(toWireJson).join(',')}]`;
  return typeof value === 'object' ? objectJson(value) : JSON.stringify(value);
}
