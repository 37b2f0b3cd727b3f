import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readOverSocket } from '../../src/sockets/read-over-socket.ts';
import { BrokenSocket } from '../../src/sockets/reading-socket.ts';
import { SocketPool } from '../../src/sockets/socket-pool.ts';
import { scriptedServer } from './scripted-server.ts';

const content = randomBytes(3_000_000);
const head = (length: number, ...more: string[]) =>
  ['HTTP/1.1 200 OK', `Content-Length: ${length}`, 'ETag: "a"', ...more].join('\r\n').concat('\r\n\r\n');

function pool(): SocketPool {
  const sockets = new SocketPool(10_000);
  onTestFinished(() => sockets.destroy());
  return sockets;
}

function request(port: number, more: object = {}) {
  return {
    method: 'GET',
    protocol: 'http:',
    hostname: '127.0.0.1',
    port,
    path: '/bucket/a%20b',
    query: { 'x-id': 'Get Object!' },
    headers: { host: `127.0.0.1:${port}`, range: 'bytes=0-9' },
    ...more,
  };
}

async function collect(body: AsyncIterable<Uint8Array> | undefined): Promise<Buffer> {
  const copies: Buffer[] = [];
  for await (const chunk of body ?? []) copies.push(Buffer.from(chunk));
  return Buffer.concat(copies);
}

describe('a read over a bare socket', () => {
  it('sends the request as it is and delivers the body', async () => {
    const server = await scriptedServer((socket) => {
      socket.write(head(content.length));
      socket.write(content);
    });
    const answer = await readOverSocket(pool(), request(server.port), undefined);
    expect(answer).toMatchObject({ statusCode: 200, headers: { etag: '"a"' } });
    expect((await collect(answer?.body)).equals(content)).toBe(true);
    expect(server.requests).toEqual([
      [
        'GET /bucket/a%20b?x-id=Get%20Object%21 HTTP/1.1',
        `host: 127.0.0.1:${server.port}`,
        'range: bytes=0-9',
      ].join('\r\n'),
    ]);
  });

  it('lends one buffer for all of it', async () => {
    const server = await scriptedServer((socket) => {
      socket.write(head(content.length));
      socket.write(content);
    });
    const answer = await readOverSocket(pool(), request(server.port), undefined);
    const buffers = new Set<ArrayBufferLike>();
    for await (const chunk of answer?.body ?? []) buffers.add((chunk as Uint8Array).buffer);
    expect(buffers.size).toBe(1);
  });

  it('can be read as a stream, too', async () => {
    const server = await scriptedServer((socket) => void socket.write(`${head(6)}stream`));
    const answer = await readOverSocket(pool(), request(server.port), undefined);
    const chunks: Buffer[] = [];
    answer?.body.on('data', (chunk: Buffer) => chunks.push(chunk));
    if (answer !== undefined) await once(answer.body, 'end');
    expect(Buffer.concat(chunks).toString()).toBe('stream');
  });

  it('does not care where the network cuts the answer', async () => {
    const whole = `${head(5)}abcde`;
    const at = { cut: 0 };
    const server = await scriptedServer((socket) => {
      socket.setNoDelay(true);
      socket.write(whole.slice(0, at.cut));
      setImmediate(() => socket.write(whole.slice(at.cut)));
    });
    const sockets = pool();
    for (at.cut = 1; at.cut < whole.length; at.cut += 1) {
      const answer = await readOverSocket(sockets, request(server.port), undefined);
      expect((await collect(answer?.body)).toString()).toBe('abcde');
    }
  });

  it('uses a connection again, and another one when it was closed meanwhile', async () => {
    const server = await scriptedServer((socket, _request, count) => {
      // The third request finds that the other end has just given up waiting for it.
      if (count === 3) socket.destroy();
      else socket.write(`${head(3)}one`);
    });
    const sockets = pool();
    for (let round = 0; round < 3; round += 1) {
      const answer = await readOverSocket(sockets, request(server.port), undefined);
      expect((await collect(answer?.body)).toString()).toBe('one');
    }
    expect([server.requests.length, server.connections.length]).toEqual([4, 2]);
  });

  it('does not use a connection again that says it ends, or whose body was not read to its end', async () => {
    const server = await scriptedServer((socket, _request, count) => {
      socket.write(count === 1 ? `${head(3, 'Connection: close')}one` : `${head(3)}on`);
    });
    const sockets = pool();
    await collect((await readOverSocket(sockets, request(server.port), undefined))?.body);
    for await (const _ of (await readOverSocket(sockets, request(server.port), undefined))?.body ?? []) break;
    await readOverSocket(sockets, request(server.port), undefined);
    expect(server.connections).toHaveLength(3);
  });

  it('fails when the connection ends early, with a code that says that trying again can help', async () => {
    const server = await scriptedServer((socket) => socket.end(`${head(10)}short`));
    const answer = await readOverSocket(pool(), request(server.port), undefined);
    const reading = collect(answer?.body);
    await expect(reading).rejects.toThrow(BrokenSocket);
    await expect(reading).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('fails when there are more bytes than announced', async () => {
    const server = await scriptedServer((socket) => void socket.write(`${head(3)}four`));
    const answer = await readOverSocket(pool(), request(server.port), undefined);
    await expect(collect(answer?.body)).rejects.toThrow(BrokenSocket);
  });

  it('fails when nobody listens', async () => {
    const reading = readOverSocket(pool(), request(1), undefined);
    await expect(reading).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('ends with the reason of its signal while it waits for the answer', async () => {
    const stop = new AbortController();
    const server = await scriptedServer(() => stop.abort(new Error('enough')));
    await expect(readOverSocket(pool(), request(server.port), stop.signal)).rejects.toThrow('enough');
  });

  it('leaves unusual requests and answers to others', async () => {
    const answers = [
      'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      'SSH-2.0-OpenSSH\r\n\r\n',
      `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(40_000)}`,
    ];
    const server = await scriptedServer(
      (socket, _request, count) => void socket.write(answers[count - 1] ?? ''),
    );
    const sockets = pool();
    for (const _ of answers) {
      expect(await readOverSocket(sockets, request(server.port), undefined)).toBeUndefined();
    }
    const smuggled = { headers: { host: 'a\r\nx: y' } };
    expect(await readOverSocket(sockets, request(server.port, smuggled), undefined)).toBeUndefined();
    const repeated = { query: { a: ['1', '2'] } };
    expect(await readOverSocket(sockets, request(server.port, repeated), undefined)).toBeUndefined();
    expect(server.requests).toHaveLength(answers.length);
  });
});
