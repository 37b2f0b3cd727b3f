import { Readable } from 'node:stream';

/** Where the bytes of a body come from. */
export interface SocketBodySource {
  /** The next bytes, valid until it is called again, or `undefined` at the end. */
  readonly next: () => Promise<Uint8Array | undefined>;
  /** Gives the connection back, or ends it when not everything was read. */
  readonly close: () => void;
}

/**
 * A body that is iterated straight from its socket. It is a `Readable` because SDKs pass nothing else on; the stream's
 * own machinery is only used by those who read it as a stream.
 */
export class SocketBody extends Readable {
  readonly #source: SocketBodySource;

  constructor(source: SocketBodySource) {
    super();
    this.#source = source;
  }

  override [Symbol.asyncIterator](): NodeJS.AsyncIterator<Uint8Array> {
    const next = async (): Promise<IteratorResult<Uint8Array>> => {
      const value = await this.#source.next();
      return value === undefined ? { done: true, value } : { done: false, value };
    };
    const end = async (): Promise<IteratorResult<Uint8Array>> => {
      this.destroy();
      return { done: true, value: undefined };
    };
    return {
      next,
      return: end,
      [Symbol.asyncIterator]: () => this[Symbol.asyncIterator](),
    } as NodeJS.AsyncIterator<Uint8Array>;
  }

  override _read(): void {
    this.#source.next().then(
      // A copy: the stream keeps what it is given.
      (bytes) => void this.push(bytes === undefined ? null : Buffer.from(bytes)),
      (error: Error) => this.destroy(error),
    );
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#source.close();
    done(error);
  }
}
