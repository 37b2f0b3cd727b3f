import type { FaultRule } from '../faults/fault-plan.ts';
import type { HttpFault } from '../faults/http-reply.ts';

/** The calls of Google Cloud Storage that the server understands: of the XML API, and listing of the JSON API. */
export type GcsOperation =
  | 'AbortUpload'
  | 'CompleteUpload'
  | 'DeleteObject'
  | 'GetObject'
  | 'HeadObject'
  | 'InitiateUpload'
  | 'ListObjects'
  | 'ListParts'
  | 'ListUploads'
  | 'PutObject'
  | 'UploadPart';

/** What goes wrong with one request. */
export type GcsFault =
  | HttpFault
  /** Take only so many bytes of a part, store nothing, and close the connection. */
  | { readonly kind: 'partial'; readonly bytes: number }
  /** Answer 200 with an `<Error>` body; the work is done all the same when `applied` is set. */
  | { readonly kind: 'error-in-200'; readonly applied: boolean }
  /** Serve a range that begins so many bytes away from the one asked for, honestly labelled. */
  | { readonly kind: 'shift'; readonly bytes: number }
  /** Serve the whole object where a range was asked for. */
  | { readonly kind: 'ignore-range' }
  /** Replace the object before the request is looked at. */
  | { readonly kind: 'replace'; readonly bytes: Uint8Array };

/** Which requests a fault befalls. */
export type GcsFaultRule = FaultRule<GcsOperation, GcsFault>;
