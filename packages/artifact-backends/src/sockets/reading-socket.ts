import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectSecure } from 'node:tls';
import { mostHeadBytes, type PlainHead, parsePlainHead } from './response-head.ts';

/** Where a socket leads. */
export interface SocketPlace {
  readonly secure: boolean;
  readonly hostname: string;
  readonly port: number;
}

/** What one read from the system can bring. One such buffer is all that a socket holds. */
const bufferBytes = 1024 * 1024;
const headEnd = Buffer.from('\r\n\r\n');

/** The connection ended or broke before the answer was complete. */
export class BrokenSocket extends Error {
  override readonly name = 'BrokenSocket';
  /** Node's own word for it, which decides whether a repetition can help. */
  readonly code: string;

  constructor(cause: unknown) {
    super('The connection ended before the answer was complete.', { cause });
    const code: unknown = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    this.code = typeof code === 'string' ? code : 'ECONNRESET';
  }
}

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * A connection that is read into one buffer, again and again, without a stream in between: what Node's HTTP client
 * allocates, copies and announces per chunk costs more than receiving it. It pauses whenever there are bytes that nobody
 * has asked for, so its owner can use them in place.
 */
export class ReadingSocket {
  readonly #socket: Socket;
  #bytes: Uint8Array = new Uint8Array(0);
  #failure: BrokenSocket | undefined;
  #waiting: Waiting | undefined;
  #asked = false;

  constructor(place: SocketPlace, connectTimeoutMs: number) {
    const buffer = Buffer.allocUnsafeSlow(bufferBytes);
    const onread = {
      buffer,
      callback: (count: number) => {
        this.#bytes = buffer.subarray(0, count);
        this.#wake();
        return false;
      },
    };
    const { secure, hostname: host, port } = place;
    const options = { host, port, onread, noDelay: true };
    // IP addresses are no server names: RFC 6066, 3.
    const named = /^[\d.]+$|:/.test(host) ? {} : { servername: host };
    const socket = secure
      ? connectSecure({ ...options, ...named, ALPNProtocols: ['http/1.1'] })
      : connectPlain(options);
    this.#socket = socket;
    const timeout = () => socket.destroy(Object.assign(new Error('connect'), { code: 'ETIMEDOUT' }));
    socket.setTimeout(connectTimeoutMs, timeout);
    socket.once(secure ? 'secureConnect' : 'connect', () => socket.setTimeout(0));
    socket.on('error', (error) => this.#fail(error));
    socket.on('end', () => this.#fail(undefined));
    socket.on('close', () => this.#fail(undefined));
  }

  /** Whether it can take another request. */
  get usable(): boolean {
    return this.#failure === undefined && !this.#socket.destroyed;
  }

  /** Sends a request and reads the head of the answer; `undefined` when that is not a plain one. @throws BrokenSocket */
  async ask(request: string): Promise<PlainHead | undefined> {
    this.#socket.ref();
    this.#socket.write(request, 'latin1');
    let before: Buffer = Buffer.alloc(0);
    while (before.length < mostHeadBytes) {
      const bytes = await this.next();
      // Copied only as far as a head can reach: most of what came with it is body.
      const start = Buffer.from(bytes.subarray(0, mostHeadBytes));
      const head = before.length === 0 ? start : Buffer.concat([before, start]);
      const end = head.indexOf(headEnd);
      if (end === -1) {
        before = head;
        continue;
      }
      // What follows the head is still in the socket's buffer.
      this.#bytes = bytes.subarray(end + headEnd.length - before.length);
      this.#asked = this.#bytes.length > 0;
      return parsePlainHead(head.subarray(0, end));
    }
    return undefined;
  }

  /** The next bytes, which stay as they are until it is called again. @throws BrokenSocket */
  async next(): Promise<Uint8Array> {
    if (this.#asked) {
      this.#asked = false;
      return this.#bytes;
    }
    this.#bytes = this.#bytes.subarray(0, 0);
    if (this.#failure !== undefined) throw this.#failure;
    await new Promise<void>((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.resume();
    });
    return this.#bytes;
  }

  /** Lets the process end while it is idle, and hears of its end. */
  rest(): void {
    this.#socket.unref();
    this.#socket.resume();
  }

  /** Ends it now. */
  destroy(): void {
    this.#socket.destroy();
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    // Bytes that nobody asked for: it is out of step, and of no further use.
    if (waiting === undefined) this.#socket.destroy();
    else waiting.resolve();
  }

  #fail(cause: unknown): void {
    this.#failure ??= new BrokenSocket(cause);
    this.#waiting?.reject(this.#failure);
    this.#waiting = undefined;
    this.#socket.destroy();
  }
}
