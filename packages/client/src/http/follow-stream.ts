import { BuildStateError, UnreachableError } from '@buildstate/core/light';
import { networkFault } from './fault.ts';
import type { Requester } from './requester.ts';
import { type StreamMessage, streamMessages } from './stream-messages.ts';

/** Milliseconds without any sign of life, which comes every 15 s, after which a connection is given up. */
const silenceMs = 45_000;
/** Longest pauses before a new connection, in milliseconds, before jitter. */
const firstPauseMs = 500;
const longestPauseMs = 30_000;
/** Connections that may fail one after the other before there has been any. */
const firstTries = 4;

/** Statuses after which the same stream can be had later. */
const transient = new Set([408, 425, 429, 500, 502, 503, 504]);

/** A connection ended, and another one may do. */
class Interrupted extends Error {}

/** Ends a connection on which nothing has come for too long. */
class Watchdog {
  readonly #silent = new AbortController();
  #timer: NodeJS.Timeout;

  constructor() {
    this.#timer = this.#start();
  }

  get signal(): AbortSignal {
    return this.#silent.signal;
  }

  alive(): void {
    clearTimeout(this.#timer);
    this.#timer = this.#start();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #start(): NodeJS.Timeout {
    return setTimeout(() => this.#silent.abort(new Interrupted('nothing came for too long')), silenceMs);
  }
}

/** One connection, until it ends. @throws Interrupted, and the error of a refusal that no later try can help */
async function* connection(
  requester: Requester,
  path: string,
  after: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<StreamMessage, void> {
  const watchdog = new Watchdog();
  try {
    const headers = {
      accept: 'text/event-stream',
      ...(after !== undefined && { 'last-event-id': after }),
    };
    const both = AbortSignal.any([signal, watchdog.signal]);
    const response = await requester.send({ method: 'GET', path, headers }, both);
    const { status } = response;
    if (status !== 200 || response.headers['content-type']?.startsWith('text/event-stream') !== true) {
      const refusal = await requester.refusal(response);
      throw transient.has(status) ? new Interrupted(refusal.message, { cause: refusal }) : refusal;
    }
    yield {};
    for await (const message of streamMessages(response.body)) {
      watchdog.alive();
      yield message;
    }
  } catch (error) {
    if (error instanceof BuildStateError || error instanceof Interrupted) throw error;
    throw new Interrupted('', { cause: networkFault(requester.uri, error, true).error });
  } finally {
    watchdog.stop();
  }
}

/**
 * Follows a stream until the signal ends it: connects again when a connection ends, at growing intervals, and goes on
 * behind the last event that came, so that none is missed and none comes twice. Gives events with the names of the wire.
 * @throws the error of a refusal that no later try can help; UnreachableError when there was never a connection
 */
export async function* followStream(
  requester: Requester,
  path: string,
  signal: AbortSignal,
): AsyncGenerator<unknown, void> {
  let after: string | undefined;
  let failures = 0;
  let everOpen = false;
  while (!signal.aborted) {
    try {
      for await (const { id, data } of connection(requester, path, after, signal)) {
        everOpen = true;
        failures = 0;
        after = id ?? after;
        if (data !== undefined) yield JSON.parse(data);
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof Interrupted)) throw error;
      failures += 1;
      if (!everOpen && failures >= firstTries)
        throw error.cause ?? new UnreachableError(`${requester.uri} cannot be reached: ${error.message}.`);
    }
    const pause = Math.min(longestPauseMs, firstPauseMs * 2 ** failures) * requester.random();
    await requester.clock.sleep(pause, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}
