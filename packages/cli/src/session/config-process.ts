import { openTracker } from '../connect/open-tracker.ts';
import type { InputStream, OutputStream, Session } from './session.ts';

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
      return process.stdout;
    },
    get stderr(): OutputStream {
      return process.stderr;
    },
    now: () => Date.now(),
    open: openTracker,
  };
}
