import type { HttpReply } from '../faults/http-reply.ts';
import { parseCompletion, xmlDocument } from '../s3/s3-xml.ts';
import { aboutOf, checksumAgrees, errorReply, type GcsRequest } from './gcs-request.ts';
import type { GcsState, GcsUpload } from './gcs-state.ts';

/** Smallest size of a part that is not the last. https://cloud.google.com/storage/quotas#multipart */
const smallestPart = 5 * 1024 * 1024;
const pageSize = 1000;
const noSuchUpload = errorReply(404, 'NoSuchUpload');

function xmlReply(body: string): HttpReply {
  return { status: 200, headers: { 'content-type': 'application/xml' }, body };
}

function uploadOf(state: GcsState, { path, query }: GcsRequest): GcsUpload | undefined {
  const upload = state.uploads.get(query.get('uploadId') ?? '');
  return upload?.path === path ? upload : undefined;
}

/** Begins an upload. */
export function initiateUpload(state: GcsState, request: GcsRequest): HttpReply {
  const id = state.begin(request.path, aboutOf(request));
  const key = request.path.slice(request.bucket.length + 1);
  const about = { Bucket: request.bucket, Key: key, UploadId: id };
  return xmlReply(xmlDocument('InitiateMultipartUploadResult', about));
}

/** Stores a part; one that is there is replaced. */
export function uploadPart(state: GcsState, request: GcsRequest): HttpReply {
  const upload = uploadOf(state, request);
  if (upload === undefined) return noSuchUpload;
  const number = Number(request.query.get('partNumber'));
  if (!(number >= 1 && number <= 10_000)) return errorReply(400, 'InvalidArgument');
  if (!checksumAgrees(request)) return errorReply(400, 'BadDigest');
  return { status: 200, headers: { etag: state.putPart(upload, number, request.body).etag } };
}

/** Lists the parts that there are, in pages. */
export function listParts(state: GcsState, request: GcsRequest): HttpReply {
  const upload = uploadOf(state, request);
  if (upload === undefined) return noSuchUpload;
  const after = Number(request.query.get('part-number-marker') ?? 0);
  const all = [...upload.parts].filter(([number]) => number > after).toSorted(([a], [b]) => a - b);
  const page = all.slice(0, pageSize);
  const parts = page.map(([number, { bytes, etag }]) => ({
    PartNumber: number,
    LastModified: new Date().toISOString(),
    ETag: etag,
    Size: bytes.length,
  }));
  const about = { IsTruncated: all.length > page.length, NextPartNumberMarker: page.at(-1)?.[0] ?? after };
  return xmlReply(xmlDocument('ListPartsResult', { ...about, Part: parts }));
}

/** Makes the object of its parts. */
export function completeUpload(state: GcsState, request: GcsRequest): HttpReply {
  const upload = uploadOf(state, request);
  if (upload === undefined) return noSuchUpload;
  const named = parseCompletion(request.body.toString());
  if (named.length === 0) return errorReply(400, 'MalformedCompleteMultipartUploadRequest');
  if (named.some(({ number, etag }) => upload.parts.get(number)?.etag !== etag)) {
    return errorReply(400, 'InvalidPart');
  }
  const sizes = named.slice(0, -1).map(({ number }) => upload.parts.get(number)?.bytes.length ?? 0);
  if (sizes.some((size) => size < smallestPart)) return errorReply(400, 'EntityTooSmall');
  const id = request.query.get('uploadId') ?? '';
  state.complete(
    id,
    upload,
    named.map(({ number }) => number),
  );
  return xmlReply(xmlDocument('CompleteMultipartUploadResult', { Bucket: request.bucket, ETag: '"made"' }));
}

/** Gives an upload up. */
export function abortUpload(state: GcsState, request: GcsRequest): HttpReply {
  if (uploadOf(state, request) === undefined) return noSuchUpload;
  state.uploads.delete(request.query.get('uploadId') ?? '');
  return { status: 204 };
}

/** Lists the uploads of a bucket. */
export function listUploads(state: GcsState, { bucket, query }: GcsRequest): HttpReply {
  const prefix = `${bucket}/${query.get('prefix') ?? ''}`;
  const uploads = [...state.uploads]
    .filter(([, { path }]) => path.startsWith(prefix))
    .map(([id, { path }]) => ({ Key: path.slice(bucket.length + 1), UploadId: id }));
  return xmlReply(xmlDocument('ListMultipartUploadsResult', { IsTruncated: false, Upload: uploads }));
}
