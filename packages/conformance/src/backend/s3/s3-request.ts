import type { IncomingMessage } from 'node:http';
import type { S3Operation } from './faults.ts';

/** A request, understood. */
export interface S3Request {
  readonly operation: S3Operation;
  readonly bucket: string;
  /** `bucket/key`; only the bucket for listings. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

function objectOperation(method: string, query: URLSearchParams): S3Operation | undefined {
  if (query.has('uploadId')) {
    const byMethod = {
      PUT: 'UploadPart',
      GET: 'ListParts',
      POST: 'CompleteMultipartUpload',
      DELETE: 'AbortMultipartUpload',
    };
    return byMethod[method as keyof typeof byMethod] as S3Operation | undefined;
  }
  if (method === 'POST') return query.has('uploads') ? 'CreateMultipartUpload' : undefined;
  const byMethod = { PUT: 'PutObject', GET: 'GetObject', HEAD: 'HeadObject', DELETE: 'DeleteObject' };
  return byMethod[method as keyof typeof byMethod] as S3Operation | undefined;
}

function bucketOperation(method: string, query: URLSearchParams): S3Operation | undefined {
  if (method !== 'GET') return undefined;
  return query.has('uploads') ? 'ListMultipartUploads' : 'ListObjectsV2';
}

/** Reads a path-style request; `undefined` when it is none that this server knows. */
export async function readRequest(message: IncomingMessage): Promise<S3Request | undefined> {
  const url = new URL(message.url ?? '/', 'http://server');
  const path = decodeURIComponent(url.pathname).slice(1).replace(/\/$/, '');
  const [bucket = '', ...key] = path.split('/');
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const method = message.method ?? '';
  const query = url.searchParams;
  const operation = key.length > 0 ? objectOperation(method, query) : bucketOperation(method, query);
  if (operation === undefined) return undefined;
  return { operation, bucket, path, query, headers: message.headers, body: Buffer.concat(chunks) };
}
