import { type DurationSamples, mostSamples, samplesOf } from '../estimate/duration-samples.ts';
import type { Clock } from '../ports/clock.ts';
import type { StateStore } from '../ports/state-store.ts';

/** What durations are read with. */
export interface DurationParts {
  /** Where builds are kept. */
  readonly store: Pick<StateStore, 'recentAttempts'>;
  /** Tells how old they are. */
  readonly clock: Pick<Clock, 'monotonic'>;
}

/** Projects whose samples are kept at the same time. */
const mostProjects = 1000;
/** Milliseconds that samples count as those of now. */
const longest = 60_000;

/**
 * How long the states of projects took lately. Read at most once a minute per project, and only when somebody asks
 * what to expect: nothing that moves a build waits for it.
 */
export class DurationHistory {
  readonly #parts: DurationParts;
  /** What was read last is at the end. */
  readonly #known = new Map<string, { readonly at: number; readonly samples: Promise<DurationSamples> }>();

  constructor(parts: DurationParts) {
    this.#parts = parts;
  }

  /** Samples of a project, up to a minute old. @throws what the store throws */
  samplesOf(projectId: string): Promise<DurationSamples> {
    const at = this.#parts.clock.monotonic();
    const known = this.#known.get(projectId);
    if (known !== undefined && at - known.at < longest) return known.samples;
    const samples = this.#read(projectId);
    this.#known.delete(projectId);
    this.#known.set(projectId, { at, samples });
    const [oldest] = this.#known.keys();
    if (this.#known.size > mostProjects && oldest !== undefined) this.#known.delete(oldest);
    // A failure is not kept: who asks next reads again.
    samples.catch(() => this.#forget(projectId, samples));
    return samples;
  }

  async #read(projectId: string): Promise<DurationSamples> {
    const query = { projectId, builds: mostSamples, statuses: ['completed'] } as const;
    return samplesOf(await this.#parts.store.recentAttempts(query));
  }

  #forget(projectId: string, samples: Promise<DurationSamples>): void {
    if (this.#known.get(projectId)?.samples === samples) this.#known.delete(projectId);
  }
}
