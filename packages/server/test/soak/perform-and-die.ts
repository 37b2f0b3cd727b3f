import type { OperationName } from '@buildstate/core';
import { openParts } from './open-parts.ts';

/**
 * Performs a request with a key and is killed when its effect is there and its answer is not kept yet:
 * `perform-and-die.ts <folder> <operation> <input> <key>`.
 */
const [folder = '', operation = '', input = '{}', idempotencyKey = ''] = process.argv.slice(2);
const { tracker, store, actor } = await openParts(folder);
store.finishRequest = () => {
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => undefined);
};
await tracker.perform(operation as OperationName, JSON.parse(input), { actor, idempotencyKey });
