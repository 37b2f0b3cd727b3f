/** Gives a body up without reading (the rest of) it, and frees its file or socket. */
export async function discardBody(body: AsyncIterable<Uint8Array>): Promise<void> {
  await body[Symbol.asyncIterator]().return?.();
}
