import { describe, expect, it } from 'vitest';
import { parsePlainHead } from '../../src/sockets/response-head.ts';

const parse = (...lines: string[]) => parsePlainHead(Buffer.from(lines.join('\r\n'), 'latin1'));
const status = 'HTTP/1.1 206 Partial Content';
const length = 'Content-Length: 10';

describe('the head of an answer', () => {
  it('is read when it is a plain one', () => {
    expect(parse(status, 'Content-Length:10', 'ETag: "a b" ', 'X-Empty:')).toEqual({
      status: 206,
      contentLength: 10,
      keepAlive: true,
      headers: { 'content-length': '10', etag: '"a b"', 'x-empty': '' },
    });
    expect(parse('HTTP/1.1 200', length)?.status).toBe(200);
    expect(parse(status, length, 'Connection: Close')?.keepAlive).toBe(false);
  });

  it.each([
    ['another version of HTTP', ['HTTP/1.0 206 Partial Content', length]],
    ['no status', ['HTTP/1.1 Partial', length]],
    ['a status that is no success', ['HTTP/1.1 404 Not Found', length]],
    ['an interim status', ['HTTP/1.1 100 Continue', length]],
    ['no length', [status]],
    ['two lengths', [status, length, 'content-length: 10']],
    ['a length that is a list', [status, 'Content-Length: 10, 10']],
    ['a negative length', [status, 'Content-Length: -10']],
    ['a length with a sign', [status, 'Content-Length: +10']],
    ['a hexadecimal length', [status, 'Content-Length: 0x10']],
    ['a length beyond all numbers', [status, 'Content-Length: 9999999999999999']],
    ['chunks', [status, length, 'Transfer-Encoding: chunked']],
    ['compression', [status, length, 'Content-Encoding: gzip']],
    ['a folded header', [status, length, ' folded']],
    ['a blank before the colon', [status, length, 'X-A : b']],
    ['a header without a colon', [status, length, 'X-A']],
    ['a bare line feed', [status, `${length}\nX-A: b`]],
    ['a bare carriage return', [status, `${length}\rX-A: b`]],
    ['a NUL', [status, length, 'X-A: \0']],
    ['a header twice', [status, length, 'ETag: a', 'etag: b']],
    ['nothing', ['']],
  ])('is left to a complete client with %s', (_, lines) => {
    expect(parse(...lines)).toBeUndefined();
  });

  it('may name a header like something that every object has', () => {
    expect(parse(status, length, '__proto__: x', 'constructor: y')?.headers.constructor).toBe('y');
  });
});
