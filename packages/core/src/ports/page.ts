/** A part of a list. */
export interface Page<T> {
  /** The entries. */
  readonly items: readonly T[];
  /** Where the next page begins, or nothing after the last. Opaque: only the store that made it can read it. */
  readonly next?: string;
}

/** Which part of a list is wanted. */
export interface PageQuery {
  /** Most entries. */
  readonly limit: number;
  /** A `next` of an earlier page. @throws ValidationError with the path `cursor` when it cannot be read */
  readonly cursor?: string | undefined;
  /** Entries to leave out at the start, for older clients. */
  readonly skip?: number | undefined;
}
