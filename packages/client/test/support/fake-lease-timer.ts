import type { LeaseTimer } from '../../src/lease/lease-timer.ts';

interface Planned {
  readonly at: number;
  readonly run: () => void;
}

/** Timers that fire when the test lets time pass. */
export class FakeLeaseTimer implements LeaseTimer {
  #now = 5000;
  #planned: Planned[] = [];

  /** How many timers are waiting. */
  get waiting(): number {
    return this.#planned.length;
  }

  monotonic(): number {
    return this.#now;
  }

  after(milliseconds: number, run: () => void): () => void {
    const planned = { at: this.#now + milliseconds, run };
    this.#planned.push(planned);
    return () => {
      this.#planned = this.#planned.filter((other) => other !== planned);
    };
  }

  /** Lets time pass; fires what is due, in order, and lets promises settle in between. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    for (;;) {
      const next = this.#planned.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#now = Math.max(this.#now, next.at);
      this.#planned = this.#planned.filter((other) => other !== next);
      next.run();
      await settle();
    }
    this.#now = end;
    await settle();
  }
}

/** Lets everything that is ready to go on do so. */
export async function settle(): Promise<void> {
  for (let round = 0; round < 10; round++) await Promise.resolve();
}
