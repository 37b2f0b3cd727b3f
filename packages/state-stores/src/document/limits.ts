/** How a build's documents are cut. All sizes are bytes of JSON. */
export interface DocumentLimits {
  /** Rows of one change that are larger go into a document of their own. @default 12288 */
  readonly entryBytes: number;
  /** Parts of the head that are larger go into a document of their own. @default 12288 */
  readonly partBytes: number;
  /** When the log in the head is larger, its older half goes into a segment. @default 32768 */
  readonly tailBytes: number;
  /** When the log in the head has more entries, its older half goes into a segment. @default 64 */
  readonly tailEntries: number;
  /** When the head lists more segments of one level, an index of them takes their place. At least 2. @default 32 */
  readonly segments: number;
}

/** Chosen so that a head stays below 128 KiB whatever the build does. */
export const defaultLimits: DocumentLimits = {
  entryBytes: 12 * 1024,
  partBytes: 12 * 1024,
  tailBytes: 32 * 1024,
  tailEntries: 64,
  segments: 32,
};

/** For a head that is too large all the same: everything that can leave it does. */
export const tightLimits: DocumentLimits = {
  ...defaultLimits,
  entryBytes: 1024,
  partBytes: 1024,
  tailBytes: 0,
  tailEntries: 1,
};

/** Largest head, in bytes of JSON. */
export const largestHead = 128 * 1024;

/** Bytes of a text in UTF-8. */
export function byteLength(text: string): number {
  return Buffer.byteLength(text);
}
