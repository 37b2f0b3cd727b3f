import type { Clock } from '@buildstate/core';
import { again, untilDecided } from './again.ts';
import type { DocumentDriver } from './driver.ts';
import { type SureWrite, type WriteResult, writeSurely } from './write-surely.ts';

/*
 * Names that are unique, on a place that can compare and set one document at a time.
 *
 * A record (a build, a project, an entry of reference data) is one document, and the name that it must have
 * for itself (a build's number in its project, a project's name) is another one, under a key made from the
 * name. Two documents cannot be written in one step, and the writer may die between them. So:
 *
 * 1. The *claim* comes first: the document of the name, written if there is none (or if the one there is
 *    dead, see below). It holds not only the record's id but the whole text that the record is to have, and
 *    the version that the record must still have then (none, for a new record).
 * 2. The record is written, under exactly that condition.
 *
 * The record is the truth: a name belongs to a record if the record, as stored, *holds* it. A claim is a lock
 * that anybody can finish: who finds one whose record does not hold the name does the claimer's second step,
 * with the text and the condition in the claim. Three things can come of it:
 *
 * - It is written: the record now holds the name, and the name is taken. The claimer, if it still lives, finds
 *   its own text (known by a nonce in it) in place of what it wanted to write, and has succeeded.
 * - The condition does not hold, and the record holds the name: the claimer was faster. The name is taken.
 * - The condition does not hold, and the record does not hold the name: somebody else has written the record
 *   since, and versions never come back, so the claimer's second step cannot succeed any more, now or later.
 *   The claim is *dead*, and is replaced by compare-and-set. The same is true of the claim to a name that its
 *   record had once and gave up.
 *
 * So at no time do two records hold one name: a record comes to hold a name only by a write that a claim
 * describes, a claim is replaced only when its write cannot happen any more, and a record that holds the name
 * keeps its claim alive. A crash between the steps leaves a claim that the next one who wants the name, or
 * the next try of the same caller, completes. No clock is involved.
 */

/** What a document of a name holds. */
interface Claim {
  /** Makes every text different. */
  readonly nonce: string;
  /** Id of the record that is to have the name. */
  readonly id: string;
  /** The text that the record is to have. */
  readonly text: string;
  /** The version that the record must have before; `null`: there must be none. */
  readonly expected: string | null;
}

/** A record that is to be written under a name which it does not hold yet. */
export interface NamedWrite extends SureWrite {
  /** Id of the record. */
  readonly id: string;
  /** The document of the name. */
  readonly nameKey: string;
  /** The document of the record with an id. */
  recordKey(id: string): string;
  /** Whether a record's text holds the name. */
  holds(text: string): boolean;
  /** Makes what nobody else makes. */
  nonce(): string;
}

/** How a named write ended: like any other, or another record (or the same one) has the name. */
export type NamedResult = WriteResult | { readonly takenBy: string };

/** The id that a name's document points to, whether or not that record holds the name. */
export function claimedId(text: string): string {
  return (JSON.parse(text) as Claim).id;
}

/** Writes a record and gives it a name that no other record has. */
export async function writeNamed(
  driver: DocumentDriver,
  clock: Clock,
  write: NamedWrite,
): Promise<NamedResult> {
  const owner = await untilDecided(clock, `The name ${write.nameKey}`, () => claim(driver, clock, write));
  if (owner !== undefined) return { takenBy: owner };
  const result = await writeSurely(driver, clock, write);
  if (result !== 'conflict') return result;
  // Somebody may have finished this claim, and have been told nothing but that the name is taken.
  const found = await driver.get(write.key);
  if (found === undefined || !(await write.isOurs(found.text))) return 'conflict';
  return found.text === write.text ? { version: found.version } : {};
}

/** Claims the name. Answers who has it already, or `undefined` when the claim was made. */
async function claim(
  driver: DocumentDriver,
  clock: Clock,
  write: NamedWrite,
): Promise<string | undefined | typeof again> {
  const found = await driver.get(write.nameKey);
  if (found !== undefined) {
    const other = JSON.parse(found.text) as Claim;
    if (await settle(driver, clock, write, other)) return other.id;
  }
  const nonce = write.nonce();
  const text = JSON.stringify({
    nonce,
    id: write.id,
    text: write.text,
    expected: write.expected,
  } satisfies Claim);
  const isOurs = (stored: string) => (JSON.parse(stored) as Claim).nonce === nonce;
  const expected = found?.version ?? null;
  const result = await writeSurely(driver, clock, { key: write.nameKey, text, expected, isOurs });
  return result === 'conflict' ? again : undefined;
}

/** Brings a claim to its end. Whether its record holds the name then; if not, the claim is dead. */
async function settle(
  driver: DocumentDriver,
  clock: Clock,
  { recordKey, holds }: NamedWrite,
  { id, text, expected }: Claim,
): Promise<boolean> {
  const key = recordKey(id);
  const before = await driver.get(key);
  if (before !== undefined && holds(before.text)) return true;
  const isOurs = (stored: string) => stored === text;
  if ((await writeSurely(driver, clock, { key, text, expected, isOurs })) !== 'conflict') return true;
  const after = await driver.get(key);
  return after !== undefined && holds(after.text);
}
