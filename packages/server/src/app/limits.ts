/** Bounds on what a client may send and how long it may take. All optional; see `defaultLimits`. */
export interface Limits {
  /** Largest JSON body, in bytes. @default 1048576 */
  readonly bodyBytes: number;
  /** Largest list of reports in one body, in bytes. @default 16777216 */
  readonly batchBytes: number;
  /** Bytes of large bodies held in memory at the same time; further ones wait unread. @default 67108864 */
  readonly batchMemoryBytes: number;
  /** Largest list of parts that completes an upload, in bytes. @default 4194304 */
  readonly completionBytes: number;
  /** Largest part of an upload, in bytes. @default 134217728 */
  readonly partBytes: number;
  /** Bytes of parts held in memory at the same time, over all uploads; further parts wait unread. @default 67108864 */
  readonly partMemoryBytes: number;
  /** Deepest nesting of a JSON body. @default 64 */
  readonly jsonDepth: number;
  /** Milliseconds in which a request's headers must arrive. @default 10000 */
  readonly headerMs: number;
  /** Milliseconds in which a JSON body must arrive. @default 30000 */
  readonly bodyMs: number;
  /** Milliseconds without a single byte after which a part is given up. @default 30000 */
  readonly stallMs: number;
  /** Milliseconds that a connection may take to deliver what nobody reads any more. @default 5000 */
  readonly lingerMs: number;
  /** Milliseconds that an idle connection is kept. Longer than usual load balancers' 60 s. @default 72000 */
  readonly keepAliveMs: number;
  /** Most connections at the same time; further ones are closed at once. @default 4096 */
  readonly connections: number;
  /** Most streams of events at the same time; further ones are answered 503. @default 2000 */
  readonly streams: number;
  /** Most of them with the same key. @default 1000 */
  readonly streamsPerKey: number;
  /** Milliseconds in which a client that follows a stream must take something. More than 15 s. @default 45000 */
  readonly streamStallMs: number;
  /** Failed authentications per address and minute before 429 is answered. @default 30 */
  readonly failedAuthPerMinute: number;
  /** Addresses whose failures are remembered; the oldest are forgotten. @default 10000 */
  readonly rememberedAddresses: number;
}

/** The bounds that hold when nothing else is said. */
export const defaultLimits: Limits = {
  bodyBytes: 1_048_576,
  batchBytes: 16 * 1_048_576,
  batchMemoryBytes: 64 * 1_048_576,
  completionBytes: 4 * 1_048_576,
  partBytes: 128 * 1_048_576,
  partMemoryBytes: 64 * 1_048_576,
  jsonDepth: 64,
  headerMs: 10_000,
  bodyMs: 30_000,
  stallMs: 30_000,
  lingerMs: 5_000,
  keepAliveMs: 72_000,
  connections: 4096,
  streams: 2000,
  streamsPerKey: 1000,
  streamStallMs: 45_000,
  failedAuthPerMinute: 30,
  rememberedAddresses: 10_000,
};
