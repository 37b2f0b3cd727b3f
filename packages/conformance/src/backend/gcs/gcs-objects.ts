import type { HttpReply } from '../faults/http-reply.ts';
import type { GcsFault } from './gcs-faults.ts';
import { aboutOf, checksumAgrees, errorReply, type GcsRequest } from './gcs-request.ts';
import type { GcsObject, GcsState } from './gcs-state.ts';

const pageSize = 1000;

function headersOf(object: GcsObject): Record<string, string> {
  return {
    ...object.metadata,
    'x-goog-generation': String(object.generation),
    'x-goog-stored-content-length': String(object.bytes.length),
    'x-goog-storage-class': object.storageClass,
    'last-modified': object.updated.toUTCString(),
    'content-type': object.contentType,
  };
}

/**
 * Whether the generation that a request demands is the present one; 0 stands for none.
 * https://cloud.google.com/storage/docs/request-preconditions
 */
function meetsCondition(present: GcsObject | undefined, { headers }: GcsRequest): boolean {
  const wanted = headers['x-goog-if-generation-match'];
  return wanted === undefined || Number(wanted) === (present?.generation ?? 0);
}

/** A PUT of an object. */
export function putObject(state: GcsState, request: GcsRequest): HttpReply {
  const present = state.objects.get(request.path);
  if (!meetsCondition(present, request)) return errorReply(412, 'PreconditionFailed');
  if (!checksumAgrees(request)) return errorReply(400, 'BadDigest');
  const { generation } = state.put(request.path, request.body, aboutOf(request));
  return { status: 200, headers: { 'x-goog-generation': String(generation) } };
}

/** A HEAD of an object. */
export function headObject(state: GcsState, { path }: GcsRequest): HttpReply {
  const object = state.objects.get(path);
  if (object === undefined) return { status: 404 };
  return { status: 200, headers: headersOf(object), length: object.bytes.length };
}

/** A GET of an object, or of a range of it. */
export function getObject(state: GcsState, request: GcsRequest, fault: GcsFault | undefined): HttpReply {
  const object = state.objects.get(request.path);
  if (object === undefined) return errorReply(404, 'NoSuchKey');
  if (!meetsCondition(object, request)) return errorReply(412, 'PreconditionFailed');
  const { bytes } = object;
  const match = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  if (match === null || fault?.kind === 'ignore-range') {
    return { status: 200, headers: headersOf(object), body: bytes };
  }
  const shift = fault?.kind === 'shift' ? fault.bytes : 0;
  const start = Number(match[1]) + shift;
  const end = match[2] === '' ? bytes.length : Math.min(Number(match[2]) + 1 + shift, bytes.length);
  if (start >= bytes.length) return errorReply(416, 'InvalidRange');
  const headers = { ...headersOf(object), 'content-range': `bytes ${start}-${end - 1}/${bytes.length}` };
  return { status: 206, headers, body: bytes.subarray(start, end) };
}

/** A DELETE of an object. Unlike S3, the store says when there is none. */
export function deleteObject(state: GcsState, { path }: GcsRequest): HttpReply {
  return state.objects.delete(path) ? { status: 204 } : errorReply(404, 'NoSuchKey');
}

/** The JSON API's listing, in pages, by the bytes of the names. */
export function listObjects(state: GcsState, { bucket, query }: GcsRequest): HttpReply {
  const prefix = `${bucket}/${query.get('prefix') ?? ''}`;
  const after = query.get('pageToken');
  const later = (path: string) => after === null || Buffer.compare(Buffer.from(path), Buffer.from(after)) > 0;
  const paths = [...state.objects.keys()]
    .filter((path) => path.startsWith(prefix) && later(path))
    .toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const page = paths.slice(0, pageSize);
  const items = page.flatMap((path) => {
    const object = state.objects.get(path);
    if (object === undefined) return [];
    const { bytes, generation, updated } = object;
    const name = path.slice(bucket.length + 1);
    return {
      name,
      size: String(bytes.length),
      generation: String(generation),
      updated: updated.toISOString(),
    };
  });
  const more = paths.length > page.length ? { nextPageToken: page.at(-1) } : {};
  // As in the store, a page without objects has no list of them.
  const listed = items.length === 0 ? {} : { items };
  const body = JSON.stringify({ kind: 'storage#objects', ...more, ...listed });
  return { status: 200, headers: { 'content-type': 'application/json; charset=UTF-8' }, body };
}
