import { createHash } from 'node:crypto';
import type { Sha256 } from '@buildstate/core';

/** A SHA-256 by node:crypto. */
export function nodeSha256(): Sha256 {
  const running = createHash('sha256');
  return { update: (bytes) => void running.update(bytes), hex: () => running.digest('hex') };
}
