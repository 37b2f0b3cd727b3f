import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { S3Fault } from './faults.ts';
import { errorReply, type S3Reply, xmlReply } from './s3-reply.ts';
import type { S3Request } from './s3-request.ts';
import type { S3State, StoredObject } from './s3-state.ts';
import { xmlDocument } from './s3-xml.ts';

/** What the server does about conditions and checksums in requests. */
export interface S3Habits {
  /** Honour `If-None-Match` on puts, ignore it, or answer 501. */
  readonly conditions: 'honoured' | 'ignored' | 'refused';
  /** Smallest part that is not the last, in bytes; S3 wants 5 MiB. */
  readonly minPartBytes: number;
}

const pageSize = 1000;

/** Headers that are kept with an object. */
export function aboutOf({ headers }: S3Request): Pick<StoredObject, 'contentType' | 'metadata'> {
  const kept = Object.entries(headers).filter(([name]) => name.startsWith('x-amz-meta-'));
  return {
    contentType: headers['content-type'] ?? 'application/octet-stream',
    metadata: Object.fromEntries(kept.map(([name, value]) => [name, String(value)])),
  };
}

/** Whether the checksums that came with a body are right; a store that checks them answers BadDigest if not. */
export function checksumsAgree({ headers, body }: S3Request): boolean {
  const crc = Buffer.alloc(4);
  crc.writeUInt32BE(crc32(body));
  const expected = {
    'content-md5': () => createHash('md5').update(body).digest('base64'),
    'x-amz-checksum-crc32': () => crc.toString('base64'),
  };
  return Object.entries(expected).every(
    ([name, digest]) => headers[name] === undefined || headers[name] === digest(),
  );
}

/** `PutObject`. */
export function putObject(state: S3State, request: S3Request, habits: S3Habits): S3Reply {
  if (!checksumsAgree(request)) return errorReply(400, 'BadDigest');
  if (request.headers['if-none-match'] !== undefined) {
    if (habits.conditions === 'refused') return errorReply(501, 'NotImplemented');
    const taken = habits.conditions === 'honoured' && state.objects.has(request.path);
    if (taken) return errorReply(412, 'PreconditionFailed');
  }
  const { etag } = state.put(request.path, request.body, aboutOf(request));
  return { status: 200, headers: { etag } };
}

function headersOf(object: StoredObject): Record<string, string> {
  return {
    ...object.metadata,
    etag: object.etag,
    'last-modified': object.modified.toUTCString(),
    'content-type': object.contentType,
    'accept-ranges': 'bytes',
  };
}

/** `HeadObject`. */
export function headObject(state: S3State, { path }: S3Request): S3Reply {
  const object = state.objects.get(path);
  if (object === undefined) return { status: 404 };
  return { status: 200, headers: headersOf(object), length: object.bytes.length };
}

/** What a fault makes of the bytes of an object. */
function served(object: StoredObject, fault: S3Fault | undefined): Buffer {
  if (fault?.kind === 'shorten') return object.bytes.subarray(0, object.bytes.length - fault.bytes);
  if (fault?.kind !== 'flip') return object.bytes;
  const changed = Buffer.from(object.bytes);
  changed[fault.at] = (changed[fault.at] ?? 0) ^ 1;
  return changed;
}

function rangeReply(object: StoredObject, bytes: Buffer, header: string, shift: number): S3Reply {
  const [, first = '', last = ''] = /^bytes=(\d+)-(\d*)$/.exec(header) ?? [];
  const start = Number(first) + shift;
  const end = last === '' ? bytes.length : Math.min(Number(last) + 1 + shift, bytes.length);
  if (start >= bytes.length) return errorReply(416, 'InvalidRange');
  const range = `bytes ${start}-${end - 1}/${bytes.length}`;
  return {
    status: 206,
    headers: { ...headersOf(object), 'content-range': range },
    body: bytes.subarray(start, end),
  };
}

/** `GetObject`. */
export function getObject(state: S3State, request: S3Request, fault: S3Fault | undefined): S3Reply {
  const object = state.objects.get(request.path);
  if (object === undefined) return errorReply(404, 'NoSuchKey');
  const condition = request.headers['if-match'];
  if (condition !== undefined && condition !== object.etag) return errorReply(412, 'PreconditionFailed');
  const bytes = served(object, fault);
  const { range } = request.headers;
  if (range === undefined || fault?.kind === 'ignore-range') {
    return { status: 200, headers: headersOf(object), body: bytes };
  }
  return rangeReply(object, bytes, range, fault?.kind === 'shift' ? fault.bytes : 0);
}

/** `DeleteObject`. */
export function deleteObject(state: S3State, { path }: S3Request): S3Reply {
  state.objects.delete(path);
  return { status: 204 };
}

/** `ListObjectsV2`, in pages. */
export function listObjects(state: S3State, { bucket, query }: S3Request): S3Reply {
  const prefix = `${bucket}/${query.get('prefix') ?? ''}`;
  const after = query.get('continuation-token');
  const paths = [...state.objects.keys()]
    .filter(
      (path) =>
        path.startsWith(prefix) &&
        (after === null || Buffer.compare(Buffer.from(path), Buffer.from(after)) > 0),
    )
    .toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const page = paths.slice(0, pageSize);
  const more = paths.length > page.length;
  const contents = page.flatMap((path) => {
    const object = state.objects.get(path);
    if (object === undefined) return [];
    const { etag, modified, bytes } = object;
    return {
      Key: path.slice(bucket.length + 1),
      LastModified: modified.toISOString(),
      ETag: etag,
      Size: bytes.length,
    };
  });
  const about = { IsTruncated: more, NextContinuationToken: more ? (page.at(-1) ?? '') : '' };
  return xmlReply(xmlDocument('ListBucketResult', { ...about, Contents: contents }));
}
