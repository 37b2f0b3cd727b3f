import type { ServerResponse } from 'node:http';

/** An answer. */
export interface HttpReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  /** Content-Length of a reply whose body is not sent (HEAD). */
  readonly length?: number;
}

/** What goes wrong with one request, whatever the protocol. */
export type HttpFault =
  /** Answer an error without doing anything. The body of the request is read first. */
  | { readonly kind: 'status'; readonly status: number; readonly code: string }
  /** Do the work, then close the connection instead of answering. */
  | { readonly kind: 'drop-reply' }
  /** Never answer. The work is not done. */
  | { readonly kind: 'never-answer' }
  /** Send so many bytes of the body, then close the connection. */
  | { readonly kind: 'cut'; readonly afterBytes: number }
  /** Send so many bytes of the body, then nothing, and keep the connection open. */
  | { readonly kind: 'stall'; readonly afterBytes: number };

/** Sends an answer whole. */
export function sendReply(response: ServerResponse, reply: HttpReply): void {
  const body = Buffer.from(reply.body ?? '');
  response.writeHead(reply.status, { ...reply.headers, 'content-length': reply.length ?? body.length });
  response.end(body);
}

/** Announces the whole body and sends a part of it. */
function sendPart(response: ServerResponse, reply: HttpReply, bytes: number, close: boolean): void {
  const body = Buffer.from(reply.body ?? '');
  response.writeHead(reply.status, { ...reply.headers, 'content-length': body.length });
  response.flushHeaders();
  // Ended by force only after what was sent has left, so that the cut is where the test wants it.
  response.write(body.subarray(0, bytes), () => {
    if (close) response.socket?.destroySoon();
  });
  if (bytes === 0 && close) response.socket?.destroySoon();
}

/**
 * Answers a request, or does what a fault says instead.
 * @param work does what was asked for; called at most once
 * @param errorReply words an error as the protocol does
 */
export async function answerWithFault(
  response: ServerResponse,
  fault: HttpFault | undefined,
  work: () => HttpReply | Promise<HttpReply>,
  errorReply: (status: number, code: string) => HttpReply,
): Promise<void> {
  switch (fault?.kind) {
    case 'status':
      sendReply(response, errorReply(fault.status, fault.code));
      return;
    case 'drop-reply':
      await work();
      response.socket?.destroy();
      return;
    case 'never-answer':
      return;
    case 'cut':
    case 'stall':
      sendPart(response, await work(), fault.afterBytes, fault.kind === 'cut');
      return;
    default:
      sendReply(response, await work());
  }
}
