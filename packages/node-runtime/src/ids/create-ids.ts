import { randomFillSync } from 'node:crypto';
import type { Ids } from '@buildstate/core';
import { v7 } from 'uuid';

/** Random bytes of one id. */
const bytesEach = 16;
/** Ids whose random bytes are asked for at once: asking the system costs more than all else of an id. */
const gathered = 256;

/** Makes UUIDv7s that ascend within this process, also within one millisecond. */
export function createIds(): Ids {
  const pool = new Uint8Array(bytesEach * gathered);
  let used = pool.length;
  let msecs = 0;
  let seq = 0;
  return {
    uuid() {
      if (used === pool.length) {
        randomFillSync(pool);
        used = 0;
      }
      const random = pool.subarray(used, used + bytesEach);
      used += bytesEach;
      const now = Date.now();
      if (now > msecs) {
        msecs = now;
        // Half of the range stays free for the ids that follow within the same millisecond.
        seq = new DataView(random.buffer, random.byteOffset).getUint32(6) & 0x7fffffff;
      } else {
        seq = (seq + 1) | 0;
        if (seq === 0) msecs += 1;
      }
      return v7({ random, msecs, seq });
    },
  };
}
