import { connect, type Socket } from 'node:net';

/** What a run of load came to. */
export interface LoadResult {
  /** Answers in all. */
  readonly answers: number;
  /** Answers per second. */
  readonly perSecond: number;
  /** Milliseconds that half of the requests took at most. */
  readonly p50: number;
  /** Milliseconds that 99 of 100 requests took at most. */
  readonly p99: number;
  /** Milliseconds that each request took, ascending. */
  readonly times: readonly number[];
}

/** Makes the requests of one client: the bytes of the next one, or `undefined` when there are no more. */
export type RequestSource = () => Buffer | undefined;

const headEnd = Buffer.from('\r\n\r\n');
const lengthName = Buffer.from('content-length: ');

/** Bytes of the answer at the start of a buffer, or `undefined` when it is not whole yet. Fails on other statuses. */
function answerLength(bytes: Buffer, status: string): number | undefined {
  const head = bytes.indexOf(headEnd);
  if (head === -1) return undefined;
  const at = bytes.indexOf(lengthName);
  const length = Number.parseInt(
    bytes.toString('latin1', at + lengthName.length, at + lengthName.length + 10),
    10,
  );
  const end = head + headEnd.length + length;
  if (bytes.length < end) return undefined;
  if (bytes.toString('latin1', 9, 12) !== status) throw new Error(bytes.toString('utf8', 0, end));
  return end;
}

async function runClient(
  port: number,
  next: RequestSource,
  status: string,
  until: number,
  times: number[],
): Promise<number> {
  const socket = await new Promise<Socket>((resolve, reject) => {
    const opened = connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(opened));
    opened.once('error', reject);
  });
  return await new Promise((resolve, reject) => {
    let pending: Buffer = Buffer.alloc(0);
    let sentAt = 0;
    let answered = 0;
    const send = () => {
      const request = performance.now() < until ? next() : undefined;
      sentAt = performance.now();
      if (request === undefined) socket.end(() => resolve(answered));
      else socket.write(request);
    };
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
      try {
        const length = answerLength(pending, status);
        if (length === undefined) return;
        pending = pending.subarray(length);
      } catch (error) {
        reject(error);
        return;
      }
      times.push(performance.now() - sentAt);
      answered += 1;
      send();
    });
    send();
  });
}

/**
 * Sends requests from several clients at once, each over one kept-alive connection and one after the other.
 * @param sources one per client
 * @param milliseconds how long
 */
export async function load(
  port: number,
  sources: readonly RequestSource[],
  status: string,
  milliseconds: number,
): Promise<LoadResult> {
  const times: number[] = [];
  const startedAt = performance.now();
  const until = startedAt + milliseconds;
  const counts = await Promise.all(sources.map((next) => runClient(port, next, status, until, times)));
  const seconds = (performance.now() - startedAt) / 1000;
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(times.length * share)] ?? 0;
  const answers = counts.reduce((sum, count) => sum + count, 0);
  return { answers, perSecond: answers / seconds, p50: at(0.5), p99: at(0.99), times };
}

/** The bytes of a request without a body over a kept-alive connection. */
export function getBytes(path: string): Buffer {
  return Buffer.from(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-API-Key: dev-key-12345\r\n\r\n`);
}

/** The bytes of a JSON request over a kept-alive connection. */
export function requestBytes(method: string, path: string, body: string): Buffer {
  return Buffer.from(
    `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-API-Key: dev-key-12345\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
