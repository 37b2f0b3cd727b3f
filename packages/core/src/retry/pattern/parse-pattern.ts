import { type Escaped, folded, isInLine, readClass, readEscape } from './character-class.ts';
import { type PatternNode, PatternProblem } from './syntax.ts';

/** Deepest nesting of groups. */
const deepest = 20;

/** Most repetitions that a quantifier may name. */
const mostRepeats = 1000;

const empty: PatternNode = { kind: 'sequence', items: [] };

/** A pattern while it is read. */
class Reader {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The whole pattern. @throws PatternProblem */
  whole(): PatternNode {
    const node = this.#choice();
    if (this.#at < this.#text.length) throw new PatternProblem('has a ")" without a "("');
    return node;
  }

  #next(): string | undefined {
    return this.#text[this.#at];
  }

  #take(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #choice(): PatternNode {
    const items = [this.#sequence()];
    while (this.#take('|')) items.push(this.#sequence());
    return items.length === 1 ? (items[0] ?? empty) : { kind: 'choice', items };
  }

  #sequence(): PatternNode {
    const items: PatternNode[] = [];
    for (let next = this.#next(); next !== undefined && next !== '|' && next !== ')'; next = this.#next()) {
      items.push(this.#quantified(this.#atom(next)));
    }
    return { kind: 'sequence', items };
  }

  #atom(next: string): PatternNode {
    if (/[*+?]/.test(next) || this.#quantifier() !== undefined)
      throw new PatternProblem(`has nothing to repeat before "${next}"`);
    this.#at += 1;
    if (next === '(') return this.#group();
    if (next === '.') return { kind: 'unit', test: isInLine };
    if (next === '^' || next === '$') return { kind: 'edge', edge: next };
    if (next === '[') {
      const [test, after] = readClass(this.#text, this.#at);
      this.#at = after;
      return { kind: 'unit', test };
    }
    return next === '\\' ? this.#escape() : literal(next.charCodeAt(0));
  }

  #escape(): PatternNode {
    const edge = this.#next();
    if (edge === 'b' || edge === 'B') {
      this.#at += 1;
      return { kind: 'edge', edge };
    }
    const [escaped, after] = readEscape(this.#text, this.#at);
    this.#at = after;
    return literal(escaped);
  }

  #group(): PatternNode {
    if (!this.#take('?:') && this.#next() === '?') {
      throw new PatternProblem('has a group that looks around or sets something, which is not supported');
    }
    this.#depth += 1;
    if (this.#depth > deepest) throw new PatternProblem(`has groups nested deeper than ${deepest} levels`);
    const node = this.#choice();
    this.#depth -= 1;
    if (!this.#take(')')) throw new PatternProblem('has a "(" without a ")"');
    return node;
  }

  /** What stands here, if it is a quantifier. */
  #quantifier(): { readonly length: number; readonly min: number; readonly max: number } | undefined {
    const found = /^(?:([*+?])|\{(\d{1,5})(?:(,)(\d{1,5})?)?\})/.exec(
      this.#text.slice(this.#at, this.#at + 14),
    );
    if (found === null) return undefined;
    const [{ length }, sign, least, comma, most] = found;
    if (sign !== undefined) {
      return { length, min: sign === '+' ? 1 : 0, max: sign === '?' ? 1 : Number.POSITIVE_INFINITY };
    }
    const min = Number(least);
    const unbounded = comma === undefined ? min : Number.POSITIVE_INFINITY;
    return { length, min, max: most === undefined ? unbounded : Number(most) };
  }

  #quantified(item: PatternNode): PatternNode {
    const found = this.#quantifier();
    if (found === undefined) return item;
    const { length, min, max } = found;
    if (item.kind === 'edge') throw new PatternProblem('repeats an edge');
    if (min > max) throw new PatternProblem('has a quantifier that runs backwards');
    if (min > mostRepeats || (max > mostRepeats && max !== Number.POSITIVE_INFINITY))
      throw new PatternProblem(`repeats something more than ${mostRepeats} times`);
    this.#at += length;
    // Lazy or greedy makes no difference to whether there is a match.
    this.#take('?');
    return { kind: 'repeat', item, min, max };
  }
}

function literal(escaped: Escaped): PatternNode {
  if (typeof escaped === 'function') return { kind: 'unit', test: escaped };
  const wanted = folded(escaped);
  return { kind: 'unit', test: (unit) => folded(unit) === wanted };
}

/** Reads a pattern. @throws PatternProblem */
export function parsePattern(text: string): PatternNode {
  return new Reader(text).whole();
}
