import type { Timestamp } from '../build/timestamp.ts';

/** What a key may do; each contains the ones before it. */
export const scopes = ['read', 'write', 'admin'] as const;
/** What a key may do. */
export type Scope = (typeof scopes)[number];

/** An API key as it is stored: the secret itself is shown once and never kept. */
export interface ApiToken {
  /** The public part, which every key carries in its prefix. */
  readonly id: string;
  /** For people. */
  readonly name: string;
  /** SHA-256 of the secret, hexadecimal. */
  readonly hash: string;
  /** What it may do. Empty: nothing. */
  readonly scopes: readonly Scope[];
  /** UUID of the only project it is good for. */
  readonly projectId: string | null;
  /** Who made it. */
  readonly createdBy: string | null;
  /** When it was made. */
  readonly createdAt: Timestamp;
  /** When it stops being good. */
  readonly expiresAt: Timestamp | null;
  /** When it was last used, to the minute. */
  readonly lastUsedAt: Timestamp | null;
  /** When it was revoked. */
  readonly revokedAt: Timestamp | null;
}

/** Whether `granted` covers `wanted`: admin covers write, write covers read. */
export function covers(granted: readonly Scope[], wanted: Scope): boolean {
  return granted.some((scope) => scopes.indexOf(scope) >= scopes.indexOf(wanted));
}
