import type { Ids } from '@buildstate/core';
import { v7 } from 'uuid';

/** Makes UUIDv7s that ascend within this process, also within one millisecond. */
export function createIds(): Ids {
  return { uuid: () => v7() };
}
