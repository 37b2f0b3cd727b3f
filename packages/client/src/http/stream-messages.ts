import { createParser } from 'eventsource-parser';

/** Most characters of one event, so that a stranger cannot fill the memory. Events are a few hundred, data included. */
const largestEvent = 4 * 1024 * 1024;

/** What came in a stream. */
export interface StreamMessage {
  /** Where to go on from, if it says so. */
  readonly id?: string | undefined;
  /** The event's data; nothing for a sign of life. */
  readonly data?: string;
}

/**
 * What comes in a `text/event-stream`.
 * @throws ParseError for an event without an end
 */
export async function* streamMessages(body: AsyncIterable<Uint8Array>): AsyncGenerator<StreamMessage, void> {
  let arrived: StreamMessage[] = [];
  const parser = createParser({
    onEvent: ({ id, data }) => arrived.push({ id, data }),
    onId: (id) => arrived.push({ id }),
    onComment: () => arrived.push({}),
    maxBufferSize: largestEvent,
  });
  const decoder = new TextDecoder();
  for await (const bytes of body) {
    parser.feed(decoder.decode(bytes, { stream: true }));
    const messages = arrived;
    arrived = [];
    yield* messages;
  }
}
