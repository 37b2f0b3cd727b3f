import { IntegrityError } from '@buildstate/core/light';

const deepest = 64;
/** A string, or one of the signs that give a JSON text its structure. */
const token = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]]/g;

function refuse(what: string, problem: string, cause?: unknown): IntegrityError {
  return new IntegrityError(`${what} ${problem}.`, { cause });
}

function parse(what: string, bytes: Uint8Array): { readonly text: string; readonly value: unknown } {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return { text, value: JSON.parse(text) };
  } catch (cause) {
    throw refuse(what, 'is not JSON in UTF-8', cause);
  }
}

/** Whether the first sign after a position is a colon: the string before it is then a key. */
function isKey(text: string, end: number): boolean {
  return /^[ \t\r\n]*:/.test(text.slice(end, end + 64)) || text.slice(end).trimStart().startsWith(':');
}

function checkString(what: string, quoted: string): string {
  const value = JSON.parse(quoted) as string;
  if (!value.isWellFormed()) throw refuse(what, 'holds half of a surrogate pair');
  return value;
}

/**
 * Reads JSON and refuses what readers disagree about: keys that occur twice in an object (some take the first,
 * some the last), `__proto__`, halves of surrogate pairs, a byte-order mark, bytes that are not UTF-8, and
 * nesting deeper than 64.
 * @param what the text in words, for the error
 * @throws IntegrityError
 */
export function parseStrictJson(what: string, bytes: Uint8Array): unknown {
  const { text, value } = parse(what, bytes);
  // The text is known to be JSON here, so a string followed by a colon is a key of the innermost object.
  const open: Set<string>[] = [];
  for (const { 0: sign, index } of text.matchAll(token)) {
    if (sign === '{' || sign === '[') {
      if (open.push(new Set()) > deepest) throw refuse(what, `is nested deeper than ${deepest}`);
    } else if (sign === '}' || sign === ']') {
      open.pop();
    } else {
      const string = checkString(what, sign);
      if (!isKey(text, index + sign.length)) continue;
      const keys = open.at(-1);
      if (string === '__proto__' || keys?.has(string))
        throw refuse(what, `has the key "${string}" twice or not allowed`);
      keys?.add(string);
    }
  }
  return value;
}
