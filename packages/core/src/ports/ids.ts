/** Makes identifiers. UUIDv7, so that keys made one after the other sort and index in that order. */
export interface Ids {
  /** A new UUIDv7 in lower case with hyphens. */
  uuid(): string;
}
