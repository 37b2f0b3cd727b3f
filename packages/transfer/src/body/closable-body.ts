/** Where the bytes of a body come from. */
export interface BodySource {
  /** The next bytes, or `undefined` at the end. */
  readonly next: () => Promise<Uint8Array | undefined>;
  /** Frees what the body holds. Called exactly once: at the end, after a failure, or when the reader gives up. */
  readonly close: () => Promise<void>;
}

/**
 * A body that frees what it holds also when its reader gives up before the first byte. (An async generator's
 * `finally` does not run then, so a file or a socket would stay open.) It can be iterated once.
 */
export function closableBody(source: BodySource): AsyncIterableIterator<Uint8Array> {
  let closed = false;
  const close = async () => {
    if (closed) return;
    closed = true;
    await source.close();
  };
  const end = async (): Promise<IteratorReturnResult<undefined>> => {
    await close();
    return { done: true, value: undefined };
  };
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      if (closed) return { done: true, value: undefined };
      let value: Uint8Array | undefined;
      try {
        value = await source.next();
      } catch (error) {
        await close();
        throw error;
      }
      return value === undefined ? await end() : { done: false, value };
    },
    return: end,
  };
}
