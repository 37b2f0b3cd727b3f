/** The part of a store that cleans up after processes that died. */
export interface StoreUpkeep {
  /**
   * Removes what nobody can need any more: documents that a writer made and no head names, temporary files. Safe at any
   * time, also while others write; what is younger than a day is left alone. Nothing to do is no error.
   * @param signal ends it early, with what was removed by then
   * @returns how many leftovers were removed
   */
  tidy(signal?: AbortSignal): Promise<number>;
}
