import { aboutOf, checksumsAgree, type S3Habits } from './s3-objects.ts';
import { errorReply, type S3Reply, xmlReply } from './s3-reply.ts';
import type { S3Request } from './s3-request.ts';
import type { S3State, StoredUpload } from './s3-state.ts';
import { parseCompletion, xmlDocument } from './s3-xml.ts';

const noSuchUpload = errorReply(404, 'NoSuchUpload');

function uploadOf(state: S3State, { path, query }: S3Request): StoredUpload | undefined {
  const upload = state.uploads.get(query.get('uploadId') ?? '');
  return upload?.path === path ? upload : undefined;
}

/** `CreateMultipartUpload`. */
export function createUpload(state: S3State, request: S3Request): S3Reply {
  const checksum = request.headers['x-amz-checksum-algorithm'] === 'CRC32' ? 'CRC32' : undefined;
  const id = state.begin(request.path, { ...aboutOf(request), checksum });
  return xmlReply(xmlDocument('InitiateMultipartUploadResult', { Bucket: request.bucket, UploadId: id }));
}

/** `UploadPart`. A checksum must be announced when the upload begins, and then come with every part. */
export function uploadPart(state: S3State, request: S3Request): S3Reply {
  const upload = uploadOf(state, request);
  if (upload === undefined) return noSuchUpload;
  const crc32 = request.headers['x-amz-checksum-crc32']?.toString();
  if ((crc32 === undefined) !== (upload.checksum === undefined)) return errorReply(400, 'InvalidRequest');
  if (!checksumsAgree(request)) return errorReply(400, 'BadDigest');
  const etag = state.putPart(upload, Number(request.query.get('partNumber')), request.body, crc32);
  return { status: 200, headers: { etag } };
}

/** `ListParts`. */
export function listParts(state: S3State, request: S3Request): S3Reply {
  const upload = uploadOf(state, request);
  if (upload === undefined) return noSuchUpload;
  const parts = [...upload.parts]
    .toSorted(([a], [b]) => a - b)
    .map(([number, { bytes, etag, crc32 }]) => ({
      PartNumber: number,
      ETag: etag,
      Size: bytes.length,
      ...(crc32 === undefined ? {} : { ChecksumCRC32: crc32 }),
    }));
  return xmlReply(xmlDocument('ListPartsResult', { IsTruncated: false, Part: parts }));
}

/** Which parts a completion names wrongly, as S3 would say it. */
function completionProblem(
  upload: StoredUpload,
  named: ReturnType<typeof parseCompletion>,
  { minPartBytes }: S3Habits,
): S3Reply | undefined {
  if (named.length === 0) return errorReply(400, 'MalformedXML');
  const wrong = named.some(({ number, etag, crc32 }) => {
    const part = upload.parts.get(number);
    return part?.etag !== etag || part.crc32 !== crc32;
  });
  if (wrong) return errorReply(400, 'InvalidPart');
  const small = named
    .slice(0, -1)
    .some(({ number }) => (upload.parts.get(number)?.bytes.length ?? 0) < minPartBytes);
  return small ? errorReply(400, 'EntityTooSmall') : undefined;
}

/** `CompleteMultipartUpload`. */
export function completeUpload(state: S3State, request: S3Request, habits: S3Habits): S3Reply {
  const upload = uploadOf(state, request);
  if (upload === undefined) return noSuchUpload;
  const named = parseCompletion(request.body.toString());
  const problem = completionProblem(upload, named, habits);
  if (problem !== undefined) return problem;
  const id = request.query.get('uploadId') ?? '';
  const { etag } = state.complete(
    id,
    upload,
    named.map(({ number }) => number),
  );
  return xmlReply(xmlDocument('CompleteMultipartUploadResult', { Bucket: request.bucket, ETag: etag }));
}

/** `AbortMultipartUpload`. */
export function abortUpload(state: S3State, request: S3Request): S3Reply {
  if (uploadOf(state, request) === undefined) return noSuchUpload;
  state.uploads.delete(request.query.get('uploadId') ?? '');
  return { status: 204 };
}

/** `ListMultipartUploads`. */
export function listUploads(state: S3State, { bucket }: S3Request): S3Reply {
  const uploads = [...state.uploads]
    .filter(([, { path }]) => path.startsWith(`${bucket}/`))
    .map(([id, { path }]) => ({ Key: path.slice(bucket.length + 1), UploadId: id }));
  return xmlReply(xmlDocument('ListMultipartUploadsResult', { IsTruncated: false, Upload: uploads }));
}
