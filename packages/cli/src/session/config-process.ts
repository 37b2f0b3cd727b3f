import { openTracker } from '../connect/open-tracker.ts';
import type { InputStream, OutputStream, Session } from './session.ts';

/** Every write is told of its own error; the stream's event says the same once more. */
function alreadyTold(): void {}

/**
 * A stream of this process whose errors reach those who write and nobody else: oclif listens on standard output
 * and throws what it hears, past everybody who could put it into words.
 */
function withoutOthers(stream: NodeJS.WriteStream): OutputStream {
  if (stream.listeners('error').some((listener) => listener !== alreadyTold)) {
    stream.removeAllListeners('error');
  }
  if (stream.listenerCount('error') === 0) stream.on('error', alreadyTold);
  return stream;
}

/**
 * The session of this very process. Its streams are touched when they are first used: each costs start-up time.
 *
 * @param version the version of this package
 */
export function processSession(version: string): Session {
  return {
    version,
    env: process.env,
    cwd: process.cwd(),
    get stdin(): InputStream {
      return process.stdin;
    },
    get stdout(): OutputStream {
      return withoutOthers(process.stdout);
    },
    get stderr(): OutputStream {
      return withoutOthers(process.stderr);
    },
    now: () => Date.now(),
    open: openTracker,
  };
}
