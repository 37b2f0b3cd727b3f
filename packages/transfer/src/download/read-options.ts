import type { ArtifactBackend, Clock, Crypto } from '@buildstate/core';
import { systemClock } from '@buildstate/node-runtime';
import type { Deadline } from '../deadline/call-with-deadline.ts';
import type { ProgressListener } from '../progress.ts';
import type { ExpectedBytes } from './expected.ts';

/** What reading an object with proof needs. */
export interface VerifyOptions {
  /** Where the object is. */
  readonly backend: ArtifactBackend;
  /** The object's key, relative to the backend's root. */
  readonly key: string;
  /** What the bytes must be. */
  readonly expected: ExpectedBytes;
  /** Makes the SHA-256, in the thread of the caller. @default node:crypto, for large files in a thread of its own */
  readonly crypto?: Pick<Crypto, 'sha256'>;
  /** Ends the reading early with its reason. */
  readonly signal?: AbortSignal;
  /** Told when bytes have been read and hashed. */
  readonly onProgress?: ProgressListener;
  /** Milliseconds without a byte after which reading is given up. @default 30000 */
  readonly idleTimeoutMs?: number;
  /** Measures time. @default the system's */
  readonly clock?: Clock;
}

/** Options with every default filled in. */
export type ResolvedVerifyOptions = VerifyOptions & Required<Pick<VerifyOptions, 'idleTimeoutMs' | 'clock'>>;

/** Fills in defaults. */
export function resolveVerifyOptions(options: VerifyOptions): ResolvedVerifyOptions {
  const { idleTimeoutMs = 30_000, clock = systemClock } = options;
  return { ...options, idleTimeoutMs, clock };
}

/** The object in words, for errors. */
export function nameOf({ backend, key }: Pick<VerifyOptions, 'backend' | 'key'>): string {
  return `${backend.uri.replace(/\/$/, '')}/${key}`;
}

/** How long one call may take. */
export function deadline(options: ResolvedVerifyOptions, call: string): Deadline {
  const { clock, idleTimeoutMs: limitMs, signal } = options;
  return { clock, limitMs, signal, what: `${call} of ${nameOf(options)}` };
}
