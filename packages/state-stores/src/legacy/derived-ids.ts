import { hash } from 'node:crypto';
import { type Ids, isUuid, type Timestamp, uuidOf } from '@buildstate/core';

function spelled(hex: string): string {
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}

/** The UUID that a text stands for: itself when it is one, else one that is always the same for it (version 8). */
export function uuidFor(kind: string, text: string): string {
  if (isUuid(text)) return text.toLowerCase();
  return uuidOf(hash('sha256', `buildstate import\n${kind}\n${text}`, 'hex'));
}

/** Ids of what belongs to a build, the same in every import of it. They ascend, so that rows of a moment keep their order. */
export function idsWithin(buildId: string, at: Timestamp): Ids {
  const time = Math.max(0, Date.parse(at)).toString(16).padStart(12, '0').slice(-12);
  let made = 0;
  return {
    uuid() {
      made += 1;
      const digest = hash('sha256', `${buildId}\n${made}`, 'hex');
      // The counter takes the places of UUIDv7 for order within a millisecond and the ones that follow.
      const order = made.toString(16).padStart(6, '0');
      return spelled(`${time}7${order.slice(0, 3)}8${order.slice(3, 6)}${digest.slice(0, 12)}`);
    },
  };
}
