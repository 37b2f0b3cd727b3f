import { type Clock, type DutyParts, type DutyWork, performDuty } from '@buildstate/core';
import type { Metrics } from '../metrics/metrics.ts';

/** What a runner is made of. */
export interface DutyRunnerParts extends DutyParts {
  /** Counts outcomes. */
  readonly metrics: Pick<Metrics, 'dutyEnded'>;
  /** Names this process; never twice the same. */
  readonly holder: string;
}

/** How a runner looks for work. */
export interface DutyRunnerOptions {
  /** Seconds between two looks whether a duty is due; each differs by up to a quarter. @default 30 */
  readonly lookSeconds?: number;
  /** Seconds after which others take over from a process that died. @default 60 */
  readonly ttlSeconds?: number;
}

const defaults = { lookSeconds: 30, ttlSeconds: 60 } as const;

/** Waits until the time has passed or the signal says stop. */
async function pause(clock: Clock, seconds: number, signal: AbortSignal): Promise<void> {
  try {
    await clock.sleep(seconds * 1000, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/**
 * Does what a store needs done in the background, for as long as a server runs. All instances over a store look; the
 * store lets one at a time do each duty, and says when it is due again.
 */
export class DutyRunner {
  readonly #works: readonly DutyWork[];
  readonly #parts: DutyRunnerParts;
  readonly #options: Required<DutyRunnerOptions>;
  readonly #stop = new AbortController();
  #loops: Promise<unknown> | undefined;

  constructor(works: readonly DutyWork[], parts: DutyRunnerParts, options: DutyRunnerOptions = {}) {
    this.#works = works;
    this.#parts = parts;
    this.#options = { ...defaults, ...options };
  }

  /** Begins to look for work. Each duty has a loop of its own, so that a slow one holds up no other. */
  start(): void {
    this.#loops ??= Promise.all(this.#works.map((work) => this.#loop(work)));
  }

  /** Asks what is under way to end soon, gives it back, and waits for that. Nothing is begun afterwards. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#loops;
  }

  async #loop(work: DutyWork): Promise<void> {
    const { clock, random } = this.#parts;
    const { lookSeconds } = this.#options;
    const { signal } = this.#stop;
    // Instances that start together do not look together.
    await pause(clock, lookSeconds * random(), signal);
    while (!signal.aborted) {
      await this.#perform(work);
      await pause(clock, lookSeconds * (0.75 + random() / 2), signal);
    }
  }

  async #perform(work: DutyWork): Promise<void> {
    const { logger, metrics, holder } = this.#parts;
    const { ttlSeconds } = this.#options;
    const { signal } = this.#stop;
    try {
      const result = await performDuty(work, this.#parts, { holder, signal, ttlSeconds });
      if (result.outcome !== 'waiting') metrics.dutyEnded(work.name, result.outcome);
    } catch (err) {
      // The store is away; the duty stays due.
      logger.warn({ err, duty: work.name }, 'a duty could not be taken or ended');
      metrics.dutyEnded(work.name, 'store_failed');
    }
  }
}
