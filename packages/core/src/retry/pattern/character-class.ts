import { PatternProblem, type UnitTest } from './syntax.ts';

const isDigit: UnitTest = (unit) => unit >= 0x30 && unit <= 0x39;

/** Whether a unit is a letter, a digit or an underscore of ASCII. */
export const isWord: UnitTest = (unit) =>
  isDigit(unit) || (unit >= 0x41 && unit <= 0x5a) || (unit >= 0x61 && unit <= 0x7a) || unit === 0x5f;

const isBlank: UnitTest = (unit) =>
  unit === 0x20 || (unit >= 0x09 && unit <= 0x0d) || (unit > 0x7f && /\s/.test(String.fromCharCode(unit)));

/** `.`: anything but the end of a line. */
export const isInLine: UnitTest = (unit) =>
  unit !== 0x0a && unit !== 0x0d && unit !== 0x2028 && unit !== 0x2029;

const not =
  (test: UnitTest): UnitTest =>
  (unit) =>
    !test(unit);

const sets: Readonly<Record<string, UnitTest>> = {
  d: isDigit,
  D: not(isDigit),
  w: isWord,
  W: not(isWord),
  s: isBlank,
  S: not(isBlank),
};

const controls: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', f: '\f', v: '\v' };

/** A unit as it is compared, without case. A letter whose other case is several units, or ASCII, stays as it is. */
export function folded(unit: number): number {
  if (unit <= 0x7f) return unit >= 0x61 && unit <= 0x7a ? unit - 0x20 : unit;
  const upper = String.fromCharCode(unit).toUpperCase();
  const code = upper.charCodeAt(0);
  return upper.length === 1 && code > 0x7f ? code : unit;
}

/** What an escape stands for: one unit, or a set of them. */
export type Escaped = number | UnitTest;

/** Reads what follows a backslash at `at`. Answers it with the place after it. @throws PatternProblem */
export function readEscape(text: string, at: number): readonly [Escaped, number] {
  const letter = text[at];
  if (letter === undefined) throw new PatternProblem('ends with a backslash');
  const set = Object.hasOwn(sets, letter) ? sets[letter] : undefined;
  if (set !== undefined) return [set, at + 1];
  const control = Object.hasOwn(controls, letter) ? controls[letter] : undefined;
  if (control !== undefined) return [control.charCodeAt(0), at + 1];
  const code = /^(?:x([0-9a-f]{2})|u([0-9a-f]{4}))/i.exec(text.slice(at, at + 5));
  if (code !== null) return [Number.parseInt(code[1] ?? code[2] ?? '', 16), at + code[0].length];
  if (/[1-9k]/.test(letter)) throw new PatternProblem('refers back to a group, which is not supported');
  if (/[A-Za-z0-9]/.test(letter)) throw new PatternProblem(`has an unknown escape \\${letter}`);
  return [text.charCodeAt(at), at + 1];
}

function readMember(text: string, at: number): readonly [Escaped, number] {
  return text[at] === '\\' ? readEscape(text, at + 1) : [text.charCodeAt(at), at + 1];
}

/** A range of units, compared without case. */
function between(from: number, to: number): UnitTest {
  if (from > to) throw new PatternProblem('has a class whose range runs backwards');
  const members = new Set<number>();
  for (let unit = from; unit <= to; unit++) members.add(folded(unit));
  return (unit) => members.has(folded(unit));
}

/** Reads a class whose `[` stands before `start`. Answers it with the place after its `]`. @throws PatternProblem */
export function readClass(text: string, start: number): readonly [UnitTest, number] {
  const negated = text[start] === '^';
  const tests: UnitTest[] = [];
  let at = negated ? start + 1 : start;
  while (text[at] !== ']') {
    if (at >= text.length) throw new PatternProblem('has a class without an end');
    const [from, after] = readMember(text, at);
    at = after;
    if (typeof from === 'function') {
      tests.push(from);
    } else if (text[at] === '-' && at + 1 < text.length && text[at + 1] !== ']') {
      const [to, end] = readMember(text, at + 1);
      if (typeof to === 'function') throw new PatternProblem('has a range that ends in a set');
      tests.push(between(from, to));
      at = end;
    } else {
      tests.push(between(from, from));
    }
  }
  const some: UnitTest = (unit) => tests.some((test) => test(unit));
  return [negated ? not(some) : some, at + 1];
}
