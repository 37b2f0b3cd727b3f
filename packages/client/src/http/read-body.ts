import { LimitError } from '@buildstate/core/light';
import type { HttpResponse } from './transport.ts';

/** Gives a response's body up, so that its connection is freed. */
export async function discard(response: HttpResponse): Promise<void> {
  await response.body[Symbol.asyncIterator]().return?.();
}

/**
 * The whole body, in bounded memory.
 * @throws LimitError when it is larger than `maxBytes`; what the network throws
 */
export async function readBody(response: HttpResponse, maxBytes: number, uri: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const announced = Number(response.headers['content-length'] ?? 0);
  if (announced <= maxBytes) {
    for await (const chunk of response.body) {
      size += chunk.length;
      if (size > maxBytes) break;
      chunks.push(chunk);
    }
    if (size <= maxBytes) return chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks);
  } else {
    await discard(response);
  }
  throw new LimitError(
    `The answer of ${uri} exceeds limit: more than ${maxBytes} bytes. Ask for less at once.`,
    {
      context: { uri, limit_bytes: maxBytes },
    },
  );
}
