import type { FaultRule } from '../faults/fault-plan.ts';
import type { HttpFault } from '../faults/http-reply.ts';

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
  | HttpFault
  /** Answer 200 with an `<Error>` body; the work is done all the same when `applied` is set. */
  | { readonly kind: 'error-in-200'; readonly applied: boolean }
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
export type S3FaultRule = FaultRule<S3Operation, S3Fault>;
