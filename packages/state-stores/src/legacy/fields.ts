import type { JsonObject, JsonValue, Timestamp } from '@buildstate/core';
import { timestamp, ValidationError } from '@buildstate/core/light';

/** A record as it was read: a row of a table, or an object of JSON. */
export type RawRecord = Readonly<Record<string, unknown>>;

/** Seconds since 1970 are smaller than this until the year 5138, milliseconds larger since 1973. */
const firstMilliseconds = 1e11;

/** Takes the fields of a record that are understood, by any of their names; what is left over is kept as it is. */
export class Fields {
  readonly #record: RawRecord;
  readonly #where: string;
  readonly #names = new Map<string, string>();

  /** @param where the record, for messages */
  constructor(record: RawRecord, where: string) {
    this.#record = record;
    this.#where = where;
    for (const name of Object.keys(record)) this.#names.set(name.toLowerCase().replaceAll('_', ''), name);
  }

  /** An error that names the record and the field. */
  problem(name: string, message: string): ValidationError {
    return new ValidationError(`${this.#where}: ${name} ${message}.`, {
      problems: [{ path: name, message }],
      context: { record: this.#where },
    });
  }

  /** A text; numbers become one. @throws ValidationError */
  text(...names: readonly string[]): string | null {
    const [name, value] = this.#take(names);
    if (value === null || value === '') return null;
    if (typeof value === 'number' || typeof value === 'bigint') return String(value);
    if (typeof value !== 'string') throw this.problem(name, 'must be a text');
    if (value.includes('\0')) throw this.problem(name, 'must not contain a NUL character');
    if (!value.isWellFormed()) throw this.problem(name, 'must not contain half of a surrogate pair');
    return value;
  }

  /** A text that must be there. @throws ValidationError */
  required(...names: readonly string[]): string {
    const value = this.text(...names);
    if (value === null) throw this.problem(names[0] ?? '', 'is missing');
    return value;
  }

  /** The code or name of a state. @throws ValidationError */
  state(...names: readonly string[]): string | number | null {
    const [name, value] = this.#take(names);
    if (value === null || value === '') return null;
    if (typeof value === 'bigint') return Number(value);
    if (typeof value === 'string' && !value.includes('\0')) return value;
    if (Number.isInteger(value)) return value as number;
    throw this.problem(name, 'must be the code or name of a state');
  }

  /** A whole number. @throws ValidationError */
  integer(...names: readonly string[]): number | null {
    const [name, value] = this.#take(names);
    if (value === null || value === '') return null;
    const number = Number(value);
    if (Number.isSafeInteger(number)) return number;
    throw this.problem(name, 'must be a whole number');
  }

  /** A time: ISO 8601, SQL's spelling of it in UTC, or seconds or milliseconds since 1970. @throws ValidationError */
  time(...names: readonly string[]): Timestamp | null {
    const [name, value] = this.#take(names);
    if (value === null || value === '') return null;
    const milliseconds = millisecondsOf(value);
    // Four digits of a year, so that times sort as texts.
    if (
      milliseconds !== undefined &&
      milliseconds >= -62_135_596_800_000 &&
      milliseconds < 253_402_300_800_000
    )
      return timestamp(milliseconds);
    throw this.problem(name, 'must be a time such as 2026-03-01T12:00:00Z');
  }

  /** A list of records. @throws ValidationError */
  list(...names: readonly string[]): readonly RawRecord[] {
    const [name, value] = this.#take(names);
    if (value === null) return [];
    if (!Array.isArray(value)) throw this.problem(name, 'must be a list');
    for (const [index, item] of value.entries())
      if (typeof item !== 'object' || item === null || Array.isArray(item))
        throw this.problem(`${name}.${index}`, 'must be an object');
    return value;
  }

  /** What nobody has taken, under the names that it had. @throws ValidationError */
  rest(): JsonObject {
    const kept = [...this.#names.values()].flatMap((name): [string, JsonValue][] => {
      const value = this.#record[name];
      return value === null || value === undefined ? [] : [[name, this.#json(name, value)]];
    });
    return Object.fromEntries(kept);
  }

  #json(name: string, value: unknown): JsonValue {
    if (value instanceof Date) return value.toISOString();
    if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
    if (typeof value === 'bigint') return String(value);
    const text = JSON.stringify(value);
    if (text === undefined || text.includes('\\u0000'))
      throw this.problem(name, 'must not contain a NUL character');
    return JSON.parse(text) as JsonValue;
  }

  #take(names: readonly string[]): readonly [name: string, value: unknown] {
    for (const wanted of names) {
      const key = wanted.toLowerCase().replaceAll('_', '');
      const name = this.#names.get(key);
      if (name === undefined) continue;
      const value = this.#record[name];
      if (value === null || value === undefined) continue;
      this.#names.delete(key);
      return [name, value];
    }
    return [names[0] ?? '', null];
  }
}

function millisecondsOf(value: unknown): number | undefined {
  if (value instanceof Date) return finite(value.getTime());
  if (typeof value === 'bigint') return millisecondsOf(Number(value));
  if (typeof value === 'number') return finite(value < firstMilliseconds ? value * 1000 : value);
  if (typeof value !== 'string') return undefined;
  if (/^\d+(\.\d+)?$/.test(value)) return millisecondsOf(Number(value));
  const sql = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)$/.exec(value);
  // A time without a zone is UTC, as SQLite's own are.
  return finite(Date.parse(sql === null ? value : `${sql[1]}T${sql[2]}Z`));
}

function finite(number: number): number | undefined {
  return Number.isFinite(number) ? Math.round(number) : undefined;
}
