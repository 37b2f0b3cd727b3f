import type { ChainHead } from '../build/snapshot.ts';
import type { Crypto } from '../ports/crypto.ts';
import { checkpointIn } from '../retention/checkpoint.ts';
import { canonicalJson } from '../text/canonical-json.ts';
import type { BuildEvent, PendingEvent } from './event.ts';

/** The chain before its first event. */
export const emptyChain: ChainHead = { seq: 0, hash: '0'.repeat(64) };

/** The hash of an event: SHA-256 over the canonical JSON of all its other fields, `prev_hash` included. */
export function eventHash(event: Omit<BuildEvent, 'hash'>, crypto: Pick<Crypto, 'sha256Hex'>): string {
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
    return { ...unhashed, hash };
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

/**
 * Where a chain begins: at its first event, or, where its history was let go of, at the first one that is left. There
 * must be a checkpoint then for what is missing; whether it is signed is for the caller to see.
 */
function beginningOf(events: readonly BuildEvent[]): ChainHead {
  const [first] = events;
  if (first === undefined || first.seq === 1) return emptyChain;
  const covered = events.some((event) => (checkpointIn(event)?.seq ?? 0) >= first.seq - 1);
  return covered ? { seq: first.seq - 1, hash: first.prevHash } : emptyChain;
}

/**
 * The first place where a chain is broken, or `undefined` when it is whole.
 * @param events all events of one build, oldest first, from the beginning
 * @param head the end that the chain must have; without it, a chain whose end was cut off looks whole
 */
export function findBreak(
  events: readonly BuildEvent[],
  crypto: Pick<Crypto, 'sha256Hex'>,
  head?: ChainHead,
): ChainBreak | undefined {
  let previous = beginningOf(events);
  for (const event of events) {
    const { seq } = event;
    if (seq !== previous.seq + 1) return { seq, problem: `follows ${previous.seq}` };
    if (event.prevHash !== previous.hash) return { seq, problem: 'does not name the event before it' };
    if (event.buildId !== events[0]?.buildId) return { seq, problem: 'belongs to another build' };
    if (eventHash(event, crypto) !== event.hash) return { seq, problem: 'was changed' };
    previous = { seq, hash: event.hash };
  }
  if (head === undefined || (head.seq === previous.seq && head.hash === previous.hash)) return undefined;
  return { seq: previous.seq + 1, problem: `is missing; the chain ends with ${head.seq}` };
}
