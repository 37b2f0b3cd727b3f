/**
 * An S3 server that counts the bytes of objects and keeps none, as a program: arguments are a key and a certificate in
 * PEM files, for TLS. Prints its URL. It speaks as much of the protocol as uploads by bldst, rclone and the AWS command
 * line need, and checks nothing.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

interface Kept {
  readonly size: number;
  readonly headers: Readonly<Record<string, string>>;
}

const objects = new Map<string, Kept>();
const uploads = new Map<string, { size: number; headers: Readonly<Record<string, string>> }>();
const etag = '"00000000000000000000000000000000"';

function metadataOf(request: IncomingMessage): Record<string, string> {
  const own = Object.entries(request.headers).filter(([name]) => name.startsWith('x-amz-meta-'));
  return Object.fromEntries(own.map(([name, value]) => [name, String(value)]));
}

/** Reads a body and answers its size. */
async function discard(request: IncomingMessage): Promise<number> {
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
  });
  await new Promise<void>((resolve, reject) => request.once('end', resolve).once('error', reject));
  return bytes;
}

function xml(response: ServerResponse, root: string, content: string): void {
  const text = `<?xml version="1.0" encoding="UTF-8"?><${root}>${content}</${root}>`;
  response.writeHead(200, { 'content-type': 'application/xml' }).end(text);
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const uploadId = searchParams.get('uploadId');
  const bytes = await discard(request);
  if (request.method === 'POST' && searchParams.has('uploads')) {
    const id = randomBytes(12).toString('hex');
    uploads.set(id, { size: 0, headers: metadataOf(request) });
    return xml(response, 'InitiateMultipartUploadResult', `<UploadId>${id}</UploadId>`);
  }
  const upload = uploads.get(uploadId ?? '');
  if (request.method === 'POST' && upload !== undefined) {
    objects.set(pathname, upload);
    uploads.delete(uploadId ?? '');
    return xml(response, 'CompleteMultipartUploadResult', `<ETag>${etag.replaceAll('"', '&quot;')}</ETag>`);
  }
  if (request.method === 'PUT') {
    if (upload !== undefined) upload.size += bytes;
    else objects.set(pathname, { size: bytes, headers: metadataOf(request) });
    response.writeHead(200, { etag }).end();
    return;
  }
  const object = objects.get(pathname);
  if (request.method === 'HEAD' && object !== undefined) {
    const modified = new Date().toUTCString();
    const about = { etag, 'content-length': object.size, 'last-modified': modified };
    response.writeHead(200, { ...object.headers, ...about }).end();
    return;
  }
  if (request.method === 'GET') return xml(response, 'ListBucketResult', '<IsTruncated>false</IsTruncated>');
  response.writeHead(request.method === 'DELETE' ? 204 : 404).end();
}

const listener: RequestListener = (request, response) => {
  answer(request, response).catch(() => response.destroy());
};
const [key, cert] = process.argv.slice(2);
const tls = key !== undefined && cert !== undefined;
const server = tls
  ? createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) }, listener)
  : createServer(listener);
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${tls ? 'https' : 'http'}://127.0.0.1:${port}\n`);
});
