/**
 * The passing of time, injected so that tests decide what "now" is.
 *
 * Stores with a clock of their own (SQL databases) override `now` for decisions about leases; see
 * `LoadedBuild.now` in `ports/state-store.ts`.
 */
export interface Clock {
  /** Wall-clock time in milliseconds since the Unix epoch. May jump; never used to measure durations. */
  now(): number;
  /** Milliseconds that only ever grow, with no relation to wall-clock time. */
  monotonic(): number;
  /**
   * Resolves after `milliseconds`.
   * @throws the signal's reason when `signal` aborts first
   */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}
