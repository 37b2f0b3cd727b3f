import type { ChainHead } from '../build/snapshot.ts';
import type { Crypto } from '../ports/crypto.ts';
import { checkpointIn } from '../retention/checkpoint.ts';
import type { ChainBreak } from './chain.ts';
import { ChainCheck, type ChainCheckOptions } from './chain-check.ts';
import type { BuildEvent } from './event.ts';

/**
 * The first place where a chain is broken, or `undefined` when it is whole.
 * @param events all events of one build, oldest first, from the beginning, or from the first that is left when a
 *   checkpoint among them says what came before
 * @param head the end that the chain must have; without it, a chain whose end was cut off looks whole
 */
export function findBreak(
  events: readonly BuildEvent[],
  crypto: Pick<Crypto, 'sha256Hex'>,
  head?: ChainHead,
  options?: ChainCheckOptions,
): ChainBreak | undefined {
  const [first] = events;
  const covered = events.some((event) => (checkpointIn(event)?.seq ?? 0) >= (first?.seq ?? 1) - 1);
  const check = new ChainCheck(crypto, { ...options, whole: !covered });
  for (const event of events) {
    const found = check.next(event);
    if (found !== undefined) return found;
  }
  return head === undefined ? undefined : check.end(head);
}
