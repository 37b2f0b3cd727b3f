import { type Clock, UnavailableError } from '@buildstate/core';

interface Waiting {
  readonly bytes: number;
  readonly grant: () => void;
}

/**
 * Bytes that may be in memory at the same time. Who asks for more than is left waits in line, first come, first
 * served, so that a small part cannot starve a large one.
 */
export class ByteBudget {
  readonly #total: number;
  readonly #clock: Clock;
  readonly #line: Waiting[] = [];
  #left: number;

  constructor(total: number, clock: Clock) {
    this.#total = total;
    this.#left = total;
    this.#clock = clock;
  }

  /**
   * Waits for `bytes` (at most the whole budget) and answers how to give them back.
   * @throws UnavailableError when they are not free within `patienceMs`
   */
  async take(bytes: number, patienceMs: number): Promise<() => void> {
    const wanted = Math.min(bytes, this.#total);
    if (this.#line.length === 0 && wanted <= this.#left) this.#left -= wanted;
    else await this.#queue(wanted, patienceMs);
    let given = false;
    return () => {
      if (given) return;
      given = true;
      this.#left += wanted;
      this.#serve();
    };
  }

  async #queue(bytes: number, patienceMs: number): Promise<void> {
    const granted = new AbortController();
    const place: Waiting = { bytes, grant: () => granted.abort() };
    this.#line.push(place);
    try {
      await this.#clock.sleep(patienceMs, granted.signal);
    } catch (error) {
      if (granted.signal.aborted) return;
      throw error;
    }
    // A grant that came together with the end of the wait has taken the bytes already.
    if (granted.signal.aborted) return;
    this.#line.splice(this.#line.indexOf(place), 1);
    this.#serve();
    throw new UnavailableError('Too many large bodies arrive at the same time. Send this one again.');
  }

  #serve(): void {
    for (let first = this.#line[0]; first !== undefined && first.bytes <= this.#left; first = this.#line[0]) {
      this.#line.shift();
      this.#left -= first.bytes;
      first.grant();
    }
  }
}
