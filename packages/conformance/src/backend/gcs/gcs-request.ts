import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { HttpReply } from '../faults/http-reply.ts';
import { xmlDocument } from '../s3/s3-xml.ts';
import type { GcsOperation } from './gcs-faults.ts';
import type { GcsAbout } from './gcs-state.ts';

/** A request, understood. */
export interface GcsRequest {
  readonly operation: GcsOperation;
  readonly bucket: string;
  /** `bucket/name`; only the bucket for listings. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** An error, as the XML API words it. */
export function errorReply(status: number, code: string): HttpReply {
  const body = xmlDocument('Error', { Code: code, Message: code });
  return { status, headers: { 'content-type': 'application/xml; charset=UTF-8' }, body };
}

const ofUploads: Readonly<Record<string, GcsOperation>> = {
  PUT: 'UploadPart',
  GET: 'ListParts',
  POST: 'CompleteUpload',
  DELETE: 'AbortUpload',
};
const ofObjects: Readonly<Record<string, GcsOperation>> = {
  PUT: 'PutObject',
  GET: 'GetObject',
  HEAD: 'HeadObject',
  DELETE: 'DeleteObject',
};

/** The call that a request is, and what it is about; `undefined` when it is none that this server knows. */
export function understand(
  method: string,
  url: URL,
): Pick<GcsRequest, 'operation' | 'bucket' | 'path'> | undefined {
  const [, listed] = /^\/storage\/v1\/b\/([^/]+)\/o$/.exec(url.pathname) ?? [];
  if (listed !== undefined) {
    return method === 'GET' ? { operation: 'ListObjects', bucket: listed, path: listed } : undefined;
  }
  const path = decodeURIComponent(url.pathname.slice(1));
  const [bucket = '', ...name] = path.split('/');
  if (name.join('/') === '') {
    const lists = method === 'GET' && url.searchParams.has('uploads');
    return lists ? { operation: 'ListUploads', bucket, path: bucket } : undefined;
  }
  const begins = method === 'POST' && url.searchParams.has('uploads');
  const operation = begins
    ? 'InitiateUpload'
    : (url.searchParams.has('uploadId') ? ofUploads : ofObjects)[method];
  return operation === undefined ? undefined : { operation, bucket, path };
}

/** What a request says of an object beside its bytes. */
export function aboutOf({ headers }: GcsRequest): GcsAbout {
  const kept = Object.entries(headers).filter(([name]) => name.startsWith('x-goog-meta-'));
  return {
    contentType: headers['content-type'] ?? 'application/octet-stream',
    metadata: Object.fromEntries(kept.map(([name, value]) => [name, String(value)])),
    storageClass: headers['x-goog-storage-class']?.toString() ?? 'STANDARD',
  };
}

/** Whether the MD5 that came with a body, if any, is right. */
export function checksumAgrees({ headers, body }: GcsRequest): boolean {
  const announced = headers['content-md5'];
  return announced === undefined || announced === createHash('md5').update(body).digest('base64');
}
