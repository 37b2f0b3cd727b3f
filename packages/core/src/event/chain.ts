import type { ChainHead } from '../build/snapshot.ts';
import type { Crypto } from '../ports/crypto.ts';
import { canonicalJson } from '../text/canonical-json.ts';
import type { BuildEvent, PendingEvent } from './event.ts';

/** The chain before its first event. */
export const emptyChain: ChainHead = { seq: 0, hash: '0'.repeat(64) };

/** The hash of an event: SHA-256 over the canonical JSON of all its other fields, `prev_hash` included. */
export function eventHash(
  event: Omit<BuildEvent, 'hash' | 'signature'>,
  crypto: Pick<Crypto, 'sha256Hex'>,
): string {
  const { buildId, seq, type, actorId, at, data, prevHash } = event;
  // The canonical JSON of all of them: their names are known, so that nobody has to sort them for each event.
  return crypto.sha256Hex(
    `{"actor_id":${JSON.stringify(actorId)},"at":${JSON.stringify(at)},"build_id":${JSON.stringify(buildId)},` +
      `"data":${canonicalJson(data)},"prev_hash":${JSON.stringify(prevHash)},"seq":${canonicalJson(seq)},` +
      `"type":${JSON.stringify(type)}}`,
  );
}

/** Gives events their places at the end of a chain. */
export function chainEvents(
  buildId: string,
  head: ChainHead,
  pending: readonly PendingEvent[],
  crypto: Pick<Crypto, 'sha256Hex'>,
): { readonly events: BuildEvent[]; readonly head: ChainHead } {
  let { seq, hash } = head;
  const events = pending.map((event) => {
    const unhashed = { ...event, buildId, seq: seq + 1, prevHash: hash };
    seq += 1;
    hash = eventHash(unhashed, crypto);
    return { ...unhashed, hash, signature: null };
  });
  return { events, head: { seq, hash } };
}

/** Where a chain is broken. */
export interface ChainBreak {
  /** `seq` of the event that does not fit, or of the first one that is missing. */
  readonly seq: number;
  /** What is wrong with it, as the end of a sentence. */
  readonly problem: string;
}
