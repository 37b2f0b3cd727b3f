import type { Environment } from '@buildstate/node-runtime';
import type { ClientOpener } from '../connect/client-opener.ts';

/** A stream that a command writes to. */
export interface OutputStream {
  /** Whether a person looks at it. */
  readonly isTTY?: boolean;
  /** Its width in characters, on a terminal. */
  readonly columns?: number;
  /** Writes and calls back when the text is on its way, or with the reason why it is not. */
  write(text: string, done: (error?: Error | null) => void): boolean;
}

/** A stream that a command reads from. */
export interface InputStream extends AsyncIterable<string | Uint8Array> {
  /** Whether a person types. */
  readonly isTTY?: boolean;
  /** Of a terminal: whether it hands on keys as they are typed, without showing them. */
  setRawMode?(raw: boolean): unknown;
}

/** All that surrounds one run of a command, so that tests can surround it with something else. */
export interface Session {
  /** The version of this package. */
  readonly version: string;
  /** Environment variables. */
  readonly env: Environment;
  /** The folder that relative paths start from. */
  readonly cwd: string;
  /** Standard input. */
  readonly stdin: InputStream;
  /** Standard output: results, nothing else. */
  readonly stdout: OutputStream;
  /** Standard error: progress, warnings, notes, errors. */
  readonly stderr: OutputStream;
  /** The time, in milliseconds since 1970. */
  readonly now: () => number;
  /** How trackers are reached. */
  readonly open: ClientOpener;
}
