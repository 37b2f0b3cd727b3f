import { isMeasured } from '../figures/durations.ts';
import type { AttemptFacts } from '../ports/searches.ts';

/** How long a state took lately, in seconds, ascending. */
export type Samples = readonly number[];

/** What is known of the durations of a project's states, by state code. */
export type DurationSamples = ReadonlyMap<number, Samples>;

/** Most attempts of one state that an estimate rests on: the newest ones. */
export const mostSamples = 200;

/** From so many attempts on, a median and a 90th percentile mean something. */
export const enoughSamples = 5;

/**
 * Durations by state, from attempts of one project.
 * @param attempts newest first; those that say nothing of durations are left out
 */
export function samplesOf(attempts: Iterable<AttemptFacts>): DurationSamples {
  const samples = new Map<number, number[]>();
  for (const attempt of attempts) {
    if (!isMeasured(attempt)) continue;
    const known = samples.get(attempt.state) ?? [];
    if (known.length < mostSamples) known.push(attempt.durationSeconds);
    samples.set(attempt.state, known);
  }
  for (const seconds of samples.values()) seconds.sort((a, b) => a - b);
  return samples;
}
