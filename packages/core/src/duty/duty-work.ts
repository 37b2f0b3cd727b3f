/** Work that a store needs done in the background, now and then, by one process at a time. */
export interface DutyWork {
  /** Names it; unique in the store, and the same in every version that does the same. */
  readonly name: string;
  /** What it is for: one sentence, for operators. */
  readonly purpose: string;
  /** Seconds from its end until it is due again. */
  readonly everySeconds: number;
  /**
   * Does it. What was done must stay done when it stops in the middle, and doing it twice, even at the same time, must
   * do no harm: a holder that was paused may wake when somebody else is at it.
   * @param signal says that it should stop soon: somebody else has taken over, or the process ends
   * @returns what came of it, as one sentence for people; nothing where there was nothing to do
   */
  run(signal: AbortSignal): Promise<string | undefined>;
}
