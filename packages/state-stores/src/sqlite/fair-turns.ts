import { setImmediate as nextTurn } from 'node:timers/promises';

/** Reads in a row that may stay within one turn of the event loop. */
const mostInOneTurn = 16;

/**
 * Reads of SQLite are synchronous, so that a caller that awaits one after the other would never let go of the event
 * loop: no request, timer or commit would get its turn. Now and then one of them waits for the next turn.
 */
export class FairTurns {
  #used = 0;

  /** Resolves at once, or in the next turn when it is somebody else's. */
  async take(): Promise<void> {
    this.#used += 1;
    if (this.#used < mostInOneTurn) return;
    this.#used = 0;
    await nextTurn();
  }
}
