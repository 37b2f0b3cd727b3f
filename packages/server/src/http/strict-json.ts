import { MalformedError, ValidationError } from '@buildstate/core';

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;

/** Index of the quotation mark that ends the string whose first character is at `start`; the text's end without one. */
function endOfString(text: string, start: number): number {
  let index = start;
  for (;;) {
    const end = text.indexOf('"', index);
    if (end === -1) return text.length;
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === backslash) slashes++;
    if (slashes % 2 === 0) return end;
    index = end + 1;
  }
}

/** A key as it reads after its escapes are undone; the text itself where they cannot be. */
function keyOf(text: string): string {
  if (!text.includes('\\')) return text;
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

function addKey(keys: Set<string>, key: string): void {
  if (key === '__proto__') throw new MalformedError('The body has a field "__proto__", which is refused.');
  if (keys.has(key)) {
    throw new MalformedError(
      `The body has the field ${JSON.stringify(key.slice(0, 100))} twice; send it once.`,
    );
  }
  keys.add(key);
}

/**
 * Refuses what parsers disagree about or choke on: keys that an object has twice, `__proto__`, and nesting deeper
 * than `maxDepth`. One pass without recursion, before anything is built from the text; syntax is left to the parser.
 */
function scan(text: string, maxDepth: number): void {
  /** The keys of each open object; `undefined` for an open array. */
  const open: (Set<string> | undefined)[] = [];
  let keyComes = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === quote) {
      const end = endOfString(text, index + 1);
      const keys = open.at(-1);
      if (keyComes && keys !== undefined) addKey(keys, keyOf(text.slice(index + 1, end)));
      keyComes = false;
      index = end;
    } else if (code === openBrace || code === openBracket) {
      keyComes = code === openBrace;
      open.push(keyComes ? new Set() : undefined);
      if (open.length > maxDepth) {
        const message = `must not be nested deeper than ${maxDepth} levels`;
        throw new ValidationError(`The body ${message}.`, { problems: [{ path: '', message }] });
      }
    } else if (code === closeBrace || code === closeBracket) {
      open.pop();
      keyComes = false;
    } else if (code === comma) {
      keyComes = true;
    }
  }
}

/** Longest text, in characters, that is looked through in the quick way: it may then be for nothing. */
const quickLength = 4096;

/** Fields within a value; `NaN` when they are too deep. */
function countFields(value: unknown, depthLeft: number): number {
  if (value === null || typeof value !== 'object') return 0;
  if (depthLeft === 0) return Number.NaN;
  if (Array.isArray(value)) {
    let fields = 0;
    for (const item of value) fields += countFields(item, depthLeft - 1);
    return fields;
  }
  const members: unknown[] = Object.values(value);
  let fields = members.length;
  for (const member of members) fields += countFields(member, depthLeft - 1);
  return fields;
}

function countColons(text: string): number {
  let colons = 0;
  for (let at = text.indexOf(':'); at !== -1; at = text.indexOf(':', at + 1)) colons++;
  return colons;
}

/**
 * The value of a text in which nothing can be wrong: every field has its colon, so a text with no more colons than its
 * value has fields has none twice. `undefined` where it takes a closer look to tell.
 */
function parseQuickly(text: string, maxDepth: number): unknown {
  // `__proto__` may also be written with escapes.
  if (text.length > quickLength || text.includes('\\') || text.includes('__proto__')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return countColons(text) === countFields(value, maxDepth) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * Parses JSON that means the same to everybody.
 * @param maxDepth most objects and arrays around a value
 * @throws MalformedError when it is no JSON, has a key twice, or has the key `__proto__`
 * @throws ValidationError when it is nested too deeply
 */
export function parseStrictJson(text: string, maxDepth: number): unknown {
  const value = parseQuickly(text, maxDepth);
  if (value !== undefined) return value;
  scan(text, maxDepth);
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new MalformedError(`The body is not JSON: ${describe(cause)}.`, { cause });
  }
}

/** The parser's own words without the excerpt of the body, which may hold a secret. */
function describe(error: SyntaxError): string {
  const position = /at position \d+( \(line \d+ column \d+\))?/.exec(error.message)?.[0];
  if (position !== undefined) return `the syntax is wrong ${position}`;
  return /end of JSON/.test(error.message) ? 'it ends too early' : 'the syntax is wrong';
}
