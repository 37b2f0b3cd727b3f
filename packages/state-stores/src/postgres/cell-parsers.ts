import { StoreError } from '@buildstate/core/light';

/** Identifiers of types in PostgreSQL's catalogue, which never change. */
const types = {
  bool: 16,
  int8: 20,
  int2: 21,
  int4: 23,
  float4: 700,
  float8: 701,
  timestamptz: 1184,
  numeric: 1700,
};

type Parse = (text: string) => unknown;

function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  throw new StoreError(`The database holds ${text}, which is too large for a number.`);
}

const shape =
  /^(\d{4,6})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,3})\d*)?([+-]\d\d)(?::(\d\d))?(?::(\d\d))?( BC)?$/;

/**
 * An instant as PostgreSQL writes it in its ISO style (`2026-06-01 05:45:00.5+05:45`), as `Timestamp` writes it. Sessions
 * run in UTC, where only the milliseconds have to be filled up; other offsets are understood all the same.
 * @throws StoreError when it is no instant that a `Timestamp` can hold
 */
export function parseInstant(text: string): string {
  const [, year, month, day, hour, minute, second, fraction = '', offset, offsetMinutes = '0', more, before] =
    shape.exec(text) ?? [];
  if (year?.length !== 4 || before !== undefined || more !== undefined) {
    throw new StoreError(`The database holds the time ${text}, which is not between the years 1 and 9999.`);
  }
  const milliseconds = fraction.padEnd(3, '0');
  if (offset === '+00' && offsetMinutes === '0') {
    return `${year}-${month}-${day}T${hour}:${minute}:${second}.${milliseconds}Z`;
  }
  const local = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${milliseconds}Z`);
  const sign = offset?.startsWith('-') ? -1 : 1;
  const ahead = sign * (Math.abs(Number(offset)) * 60 + Number(offsetMinutes));
  return new Date(local - ahead * 60_000).toISOString();
}

const asIs: Parse = (text) => text;

const parsers: ReadonlyMap<number, Parse> = new Map<number, Parse>([
  [types.bool, (text) => text === 't'],
  [types.int2, Number],
  [types.int4, Number],
  [types.int8, wholeNumber],
  [types.float4, Number],
  [types.float8, Number],
  [types.numeric, Number],
  [types.timestamptz, parseInstant],
]);

/**
 * Reads cells in the forms that all SQL stores share: numbers as numbers, instants as `Timestamp`, flags as booleans,
 * and everything else, JSON too, as text.
 */
export const cellParsers = {
  getTypeParser: (type: number): Parse => parsers.get(type) ?? asIs,
};
