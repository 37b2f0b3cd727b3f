import type { Operation, SequentialSpec } from './history.ts';

/**
 * Whether a concurrent history is linearizable: whether each operation can be thought to happen at one moment between
 * its call and its return such that the answers are those of the operations one after the other.
 *
 * The search is that of Wing and Gong ("Testing and verifying concurrent objects", 1993) with the memory of Lowe
 * ("Testing for linearizability", 2017): calls and returns are a list in the order of time. An operation whose call
 * comes before the first return in what is left may be next; when it fits, its two entries are taken out and the search
 * begins again at the head, unless the same set of operations has led to the same state before. At a return whose
 * operation was not placed, the last one placed is taken back. The time is exponential in the number of operations that
 * overlap, not in the length of the history.
 *
 * An operation without an answer has its return at the end of time and fits whatever the step gives. It need not be
 * placed at all: the search is over when all operations with an answer are.
 */
export function checkHistory<State, Input, Output>(
  operations: readonly Operation<Input, Output>[],
  spec: SequentialSpec<State, Input, Output>,
): Verdict<Input, Output> {
  return new Search(operations, spec).run();
}

/** What a check came to. */
export type Verdict<Input, Output> =
  | { readonly linearizable: true }
  | {
      readonly linearizable: false;
      /** The longest order that explains answers. */
      readonly explained: readonly Operation<Input, Output>[];
      /** Those of which one must come next in that order, and none can. */
      readonly stuck: readonly Operation<Input, Output>[];
    };

interface Entry<Input, Output> {
  readonly operation: Operation<Input, Output>;
  /** Which operation, for the set. */
  readonly index: number;
  /** The entry of its return; `null` in that entry itself. */
  readonly end: Entry<Input, Output> | null;
  previous: Entry<Input, Output> | null;
  next: Entry<Input, Output> | null;
}

/** An operation that was placed, and the state before it. */
interface Placed<State, Input, Output> {
  readonly call: Entry<Input, Output>;
  readonly before: State;
}

class Search<State, Input, Output> {
  readonly #spec: SequentialSpec<State, Input, Output>;
  readonly #head: Entry<Input, Output>;
  readonly #placed: Placed<State, Input, Output>[] = [];
  readonly #seen = new Set<string>();
  #state: State;
  #set = 0n;
  #answeredLeft: number;
  #explained: readonly Operation<Input, Output>[] = [];
  #stuck: readonly Operation<Input, Output>[] = [];

  constructor(operations: readonly Operation<Input, Output>[], spec: SequentialSpec<State, Input, Output>) {
    this.#spec = spec;
    this.#state = spec.initial;
    this.#head = listOf(operations);
    this.#answeredLeft = operations.filter(({ returned }) => returned !== null).length;
  }

  run(): Verdict<Input, Output> {
    let entry = this.#head.next;
    while (this.#answeredLeft > 0 && entry !== null) {
      if (entry.end !== null) {
        entry = this.#place(entry) ? this.#head.next : entry.next;
        continue;
      }
      this.#noteStuck();
      const last = this.#placed.pop();
      if (last === undefined) return { linearizable: false, explained: this.#explained, stuck: this.#stuck };
      this.#takeBack(last);
      entry = last.call.next;
    }
    return { linearizable: true };
  }

  #place(call: Entry<Input, Output>): boolean {
    const { step, same, key } = this.#spec;
    const { operation, index } = call;
    const { state, output } = step(this.#state, operation.input);
    if (operation.output !== null && !same(operation.output, output)) return false;
    const set = this.#set | (1n << BigInt(index));
    const seen = `${set.toString(36)} ${key(state)}`;
    if (this.#seen.has(seen)) return false;
    this.#seen.add(seen);
    this.#placed.push({ call, before: this.#state });
    this.#state = state;
    this.#set = set;
    if (operation.returned !== null) this.#answeredLeft -= 1;
    takeOut(call);
    if (call.end !== null) takeOut(call.end);
    return true;
  }

  #takeBack({ call, before }: Placed<State, Input, Output>): void {
    if (call.end !== null) putBack(call.end);
    putBack(call);
    if (call.operation.returned !== null) this.#answeredLeft += 1;
    this.#set &= ~(1n << BigInt(call.index));
    this.#state = before;
  }

  #noteStuck(): void {
    if (this.#stuck.length > 0 && this.#placed.length <= this.#explained.length) return;
    this.#explained = this.#placed.map(({ call }) => call.operation);
    const stuck: Operation<Input, Output>[] = [];
    for (let entry = this.#head.next; entry !== null && entry.end !== null; entry = entry.next)
      stuck.push(entry.operation);
    this.#stuck = stuck;
  }
}

/** Calls and returns by time; at the same time calls come first, so that the two overlap. */
function listOf<Input, Output>(operations: readonly Operation<Input, Output>[]): Entry<Input, Output> {
  const points = operations.flatMap((operation, index) => {
    const end: Entry<Input, Output> = { operation, index, end: null, previous: null, next: null };
    const call: Entry<Input, Output> = { operation, index, end, previous: null, next: null };
    return [
      { entry: call, at: operation.called, order: 0 },
      { entry: end, at: operation.returned ?? Number.POSITIVE_INFINITY, order: 1 },
    ];
  });
  points.sort((a, b) => (a.at === b.at ? a.order - b.order : a.at - b.at));
  // The head is an entry of no operation, before all others.
  const head = { previous: null, next: null } as unknown as Entry<Input, Output>;
  let last = head;
  for (const { entry } of points) {
    entry.previous = last;
    last.next = entry;
    last = entry;
  }
  return head;
}

function takeOut<Input, Output>(entry: Entry<Input, Output>): void {
  if (entry.previous !== null) entry.previous.next = entry.next;
  if (entry.next !== null) entry.next.previous = entry.previous;
}

/** Undoes `takeOut`; in the opposite order of taking out, so that its neighbours are as they were. */
function putBack<Input, Output>(entry: Entry<Input, Output>): void {
  if (entry.previous !== null) entry.previous.next = entry;
  if (entry.next !== null) entry.next.previous = entry;
}
