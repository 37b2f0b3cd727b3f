import { fromProblem } from '@buildstate/core';
import { devKeys } from './test-server.ts';

/** One message of a stream. */
export interface Message {
  readonly id?: string;
  readonly event?: string;
  /** The data as JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into events of every shape
  readonly data?: any;
  /** A comment or a retry line, as it came. */
  readonly other?: string;
}

function messageOf(block: string): Message {
  const fields = Object.fromEntries(
    block.split('\n').map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    }),
  );
  if (fields.data === undefined) return { other: block, ...(fields.id !== undefined && { id: fields.id }) };
  return { id: fields.id, event: fields.event, data: JSON.parse(fields.data) };
}

/** A stream that is being read. */
export interface OpenStream {
  readonly response: Response;
  /** What has come so far. */
  readonly messages: Message[];
  /** Events among it. */
  events(): Message[];
  /** Resolves when a condition holds, rejects when the stream ends before. */
  until(condition: () => boolean): Promise<void>;
  /** Resolves when the server has ended it. */
  readonly ended: Promise<void>;
  /** Goes away. */
  close(): void;
}

/** Follows a stream as any client would, with nothing but fetch. */
export async function follow(
  url: string,
  { key = devKeys.read, lastEventId }: { key?: string; lastEventId?: string | undefined } = {},
): Promise<OpenStream> {
  const going = new AbortController();
  const response = await fetch(url, {
    signal: going.signal,
    headers: {
      accept: 'text/event-stream',
      'x-api-key': key,
      ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
    },
  });
  if (!response.ok) throw fromProblem((await response.json()) as object, response.status);
  const messages: Message[] = [];
  let wake = () => {};
  let over = false;
  const read = async () => {
    let text = '';
    const decoder = new TextDecoder();
    try {
      for await (const bytes of response.body ?? []) {
        text += decoder.decode(bytes, { stream: true });
        const blocks = text.split('\n\n');
        text = blocks.pop() ?? '';
        messages.push(...blocks.map(messageOf));
        wake();
      }
    } catch (error) {
      if (!going.signal.aborted && !(error instanceof TypeError)) throw error;
    } finally {
      over = true;
      wake();
    }
  };
  const ended = read();
  return {
    response,
    messages,
    ended,
    events: () => messages.filter(({ event }) => event !== undefined),
    async until(condition) {
      while (!condition()) {
        if (over) throw new Error('the stream has ended');
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    close: () => going.abort(),
  };
}
