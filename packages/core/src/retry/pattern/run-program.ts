import { isWord } from './character-class.ts';
import type { Instruction, Program } from './program.ts';
import type { Edge } from './syntax.ts';

function holds(edge: Edge, text: string, at: number): boolean {
  if (edge === '^') return at === 0;
  if (edge === '$') return at === text.length;
  const before = at > 0 && isWord(text.charCodeAt(at - 1));
  const after = at < text.length && isWord(text.charCodeAt(at));
  return (before !== after) === (edge === 'b');
}

/** The places in a program at which it may be before one unit of the text, each at most once. */
class Places {
  /** The places that read a unit. */
  readonly readers: number[] = [];
  /** Whether the end of the program was reached. */
  found = false;
  readonly #instructions: readonly Instruction[];
  readonly #text: string;
  readonly #marks: Uint32Array;
  readonly #pending: number[] = [];
  #round = 0;

  constructor(instructions: readonly Instruction[], text: string) {
    this.#instructions = instructions;
    this.#text = text;
    this.#marks = new Uint32Array(instructions.length);
  }

  clear(): void {
    this.readers.length = 0;
    this.#round += 1;
  }

  /** Adds a place and all that can be reached from it without reading, before the unit at `at`. */
  reach(from: number, at: number): void {
    const pending = this.#pending;
    pending.push(from);
    for (let place = pending.pop(); place !== undefined; place = pending.pop()) {
      if (this.#marks[place] === this.#round) continue;
      this.#marks[place] = this.#round;
      const instruction = this.#instructions[place];
      if (instruction === undefined || instruction.op === 'found') this.found = true;
      else if (instruction.op === 'unit') this.readers.push(place);
      else if (instruction.op === 'fork') pending.push(instruction.also, instruction.next);
      else if (holds(instruction.edge, this.#text, at)) pending.push(instruction.next);
    }
  }
}

/**
 * Whether a pattern is found anywhere in a text. All ways through the program are followed at once, unit by unit, so
 * that the time is bounded by the program's size times the text's length, whatever either of them is.
 */
export function runProgram({ instructions, start }: Program, text: string): boolean {
  let now = new Places(instructions, text);
  let then = new Places(instructions, text);
  now.clear();
  for (let at = 0; ; at++) {
    now.reach(start, at);
    if (now.found) return true;
    if (at >= text.length) return false;
    const unit = text.charCodeAt(at);
    then.clear();
    for (const place of now.readers) {
      const instruction = instructions[place];
      if (instruction?.op === 'unit' && instruction.test(unit)) then.reach(instruction.next, at + 1);
    }
    [now, then] = [then, now];
  }
}
