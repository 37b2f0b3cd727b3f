/** A hint at something that was written; whoever wants to know what it was, reads it. */
export type StoreHint =
  /** A build was created or changed, and had this version then. */
  | { readonly kind: 'build'; readonly buildId: string; readonly version: number }
  /** An API key was made or changed. */
  | { readonly kind: 'token'; readonly tokenId: string }
  /** The store could not listen for a while: anything may have changed. */
  | { readonly kind: 'missed' };

/**
 * Word of what is written, by this process and by others, as soon as it is there. Only hints: they come at least once,
 * may come twice and in any order, and never hold up a write. What happened while nobody could listen is one `missed`.
 * A store without it is asked now and then instead.
 */
export interface WatchedStore {
  /**
   * Calls `listener` for every hint until the store is closed or the returned function is called.
   * @param listener must not throw
   * @returns stops this listener; resolves when it is called no more
   * @throws UnavailableError when the store cannot be listened to now. Later interruptions mend themselves
   */
  watch(listener: (hint: StoreHint) => void): Promise<() => Promise<void>>;
}
