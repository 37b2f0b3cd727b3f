// Serves one object of a given size over S3's protocol, as fast as Node can, in a process of its own: size in bytes,
// and for TLS the files of a key and a certificate. Prints its port and the object's SHA-256. Checks no signatures.
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';

const [sizeText = '', key, cert] = process.argv.slice(2);
const size = Number(sizeText);
/** The object is this, again and again, so that serving it needs little memory. */
const unit = randomBytes(64 * 1024 * 1024);

function* slices(start: number, end: number): Generator<Buffer> {
  for (let at = start; at < end; ) {
    const from = at % unit.length;
    const length = Math.min(1024 * 1024, unit.length - from, end - at);
    yield unit.subarray(from, from + length);
    at += length;
  }
}

function sendBody(response: ServerResponse, parts: Generator<Buffer>): void {
  for (let next = parts.next(); !next.done; next = parts.next()) {
    if (!response.write(next.value)) {
      response.once('drain', () => sendBody(response, parts));
      return;
    }
  }
  response.end();
}

const answer: RequestListener = ({ method, headers }, response) => {
  const about = {
    etag: '"bench-16"',
    'last-modified': new Date(0).toUTCString(),
    'content-type': 'application/octet-stream',
    'accept-ranges': 'bytes',
  };
  if (method === 'HEAD') {
    response.writeHead(200, { ...about, 'content-length': size }).end();
    return;
  }
  const [range, first = '0', last = ''] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '') ?? [];
  const start = Number(first);
  const end = last === '' ? size : Math.min(Number(last) + 1, size);
  response.writeHead(range === undefined ? 200 : 206, {
    ...about,
    'content-length': end - start,
    ...(range !== undefined && { 'content-range': `bytes ${start}-${end - 1}/${size}` }),
  });
  sendBody(response, slices(start, end));
};

const server =
  key === undefined || cert === undefined
    ? createServer(answer)
    : createSecureServer({ key: readFileSync(key), cert: readFileSync(cert) }, answer);
server.keepAliveTimeout = 60_000;
const sha256 = createHash('sha256');
for (const slice of slices(0, size)) sha256.update(slice);
const digest = sha256.digest('hex');
server.listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ port: (server.address() as AddressInfo).port, sha256: digest }));
});
