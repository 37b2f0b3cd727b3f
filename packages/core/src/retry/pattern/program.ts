import { type Edge, type PatternNode, PatternProblem, type UnitTest } from './syntax.ts';

/** One instruction of a program. `next` and `also` are places in it. */
export type Instruction =
  | { readonly op: 'unit'; readonly test: UnitTest; readonly next: number }
  | { readonly op: 'edge'; readonly edge: Edge; readonly next: number }
  | { readonly op: 'fork'; readonly next: number; readonly also: number }
  | { readonly op: 'found' };

/** Most instructions of one program: what it costs is this times the length of the text. */
const mostInstructions = 1000;

/** A program while it is written, from its end to its beginning, so that every instruction knows what follows. */
class Writer {
  readonly instructions: Instruction[] = [];

  add(instruction: Instruction): number {
    if (this.instructions.length >= mostInstructions) {
      throw new PatternProblem('is too large; repeat less, or name fewer alternatives');
    }
    return this.instructions.push(instruction) - 1;
  }

  /** Writes a node. Answers where it begins. */
  write(node: PatternNode, next: number): number {
    switch (node.kind) {
      case 'unit':
        return this.add({ op: 'unit', test: node.test, next });
      case 'edge':
        return this.add({ op: 'edge', edge: node.edge, next });
      case 'sequence':
        return node.items.reduceRight((after, item) => this.write(item, after), next);
      case 'choice':
        return node.items
          .map((item) => this.write(item, next))
          .reduceRight((also, start) => this.add({ op: 'fork', next: start, also }));
      case 'repeat':
        return this.#repeat(node, next);
    }
  }

  #repeat({ item, min, max }: PatternNode & { readonly kind: 'repeat' }, next: number): number {
    let start = max === Number.POSITIVE_INFINITY ? this.#loop(item, next) : next;
    for (let optional = min; optional < max && max !== Number.POSITIVE_INFINITY; optional++) {
      start = this.add({ op: 'fork', next: this.write(item, start), also: next });
    }
    for (let needed = 0; needed < min; needed++) start = this.write(item, start);
    return start;
  }

  /** Any number of times, none included. The place of the fork is known before what it leads to is. */
  #loop(item: PatternNode, next: number): number {
    const fork = this.add({ op: 'fork', next, also: next });
    const body = this.write(item, fork);
    this.instructions[fork] = { op: 'fork', next: body, also: next };
    return fork;
  }
}

/** A program that finds a pattern. */
export interface Program {
  /** Its instructions. */
  readonly instructions: readonly Instruction[];
  /** Where it begins. */
  readonly start: number;
}

/** Writes the program of a pattern. @throws PatternProblem when it would be too large */
export function programOf(pattern: PatternNode): Program {
  const writer = new Writer();
  const found = writer.add({ op: 'found' });
  const start = writer.write(pattern, found);
  return { instructions: writer.instructions, start };
}
