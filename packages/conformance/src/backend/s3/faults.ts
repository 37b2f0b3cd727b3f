/** The calls of the S3 protocol that the server understands. */
export type S3Operation =
  | 'AbortMultipartUpload'
  | 'CompleteMultipartUpload'
  | 'CreateMultipartUpload'
  | 'DeleteObject'
  | 'GetObject'
  | 'HeadObject'
  | 'ListMultipartUploads'
  | 'ListObjectsV2'
  | 'ListParts'
  | 'PutObject'
  | 'UploadPart';

/** What goes wrong with one request. */
export type S3Fault =
  /** Answer an error without doing anything. The body of the request is read first. */
  | { readonly kind: 'status'; readonly status: number; readonly code: string }
  /** Answer 200 with an `<Error>` body; the work is done all the same when `applied` is set. */
  | { readonly kind: 'error-in-200'; readonly applied: boolean }
  /** Do the work, then close the connection instead of answering. */
  | { readonly kind: 'drop-reply' }
  /** Never answer. The work is not done. */
  | { readonly kind: 'never-answer' }
  /** Send so many bytes of the body, then close the connection. */
  | { readonly kind: 'cut'; readonly afterBytes: number }
  /** Send so many bytes of the body, then nothing, and keep the connection open. */
  | { readonly kind: 'stall'; readonly afterBytes: number }
  /** Serve so many bytes less than the object has, and announce the smaller length. */
  | { readonly kind: 'shorten'; readonly bytes: number }
  /** Serve a range that begins so many bytes away from the one asked for, honestly labelled. */
  | { readonly kind: 'shift'; readonly bytes: number }
  /** Serve the whole object where a range was asked for. */
  | { readonly kind: 'ignore-range' }
  /** Flip the lowest bit of the byte at this position of the object. */
  | { readonly kind: 'flip'; readonly at: number }
  /** Replace the object before the request is looked at. */
  | { readonly kind: 'replace'; readonly bytes: Uint8Array };

/** Which requests a fault befalls. */
export interface S3FaultRule {
  readonly operation: S3Operation;
  readonly fault: S3Fault;
  /** Requests of the operation that pass before the first one that is hit. @default 0 */
  readonly after?: number;
  /** Requests that are hit. @default 1 */
  readonly times?: number;
}

/** Rules in the order in which they were added; each is used up as it says. */
export class FaultPlan {
  readonly #rules: { readonly rule: S3FaultRule; skip: number; left: number }[] = [];

  /** Adds a rule. */
  add(rule: S3FaultRule): void {
    this.#rules.push({ rule, skip: rule.after ?? 0, left: rule.times ?? 1 });
  }

  /** The fault for the next request of an operation, if one is due. */
  next(operation: S3Operation): S3Fault | undefined {
    for (const entry of this.#rules) {
      if (entry.rule.operation !== operation || entry.left === 0) continue;
      if (entry.skip > 0) {
        entry.skip -= 1;
        continue;
      }
      entry.left -= 1;
      return entry.rule.fault;
    }
    return undefined;
  }

  /** How often rules are still waiting to strike. */
  get pending(): number {
    return this.#rules.reduce((sum, { left }) => sum + (Number.isFinite(left) ? left : 0), 0);
  }
}
