import type { JsonObject } from '../build/build.ts';
import { PreconditionFailedError } from '../errors/precondition-failed-error.ts';
import type { Crypto } from '../ports/crypto.ts';
import { canonicalJson } from '../text/canonical-json.ts';
import { toWire } from '../wire/casing.ts';
import type { CallContext } from './tracker.ts';

const tagLength = 32;

/** The tag of a record without a version of its own: the same for the same content, another one for any other. */
export function contentTag(crypto: Pick<Crypto, 'sha256Hex'>, content: object): string {
  // Warnings belong to an answer, not to what it shows.
  const { warnings: _, ...shown } = toWire(content) as JsonObject;
  return crypto.sha256Hex(canonicalJson(shown)).slice(0, tagLength);
}

/** What a condition is checked against. */
export interface Tagged {
  /** What it is, as a sentence names it: `Build images:7`. */
  readonly what: string;
  /** Its present tag; `undefined` where it is not there. */
  readonly tag: string | undefined;
  /** Facts for machines. */
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** @throws PreconditionFailedError when the condition of a call does not hold */
export function checkTag({ ifMatch }: CallContext, { what, tag, facts = {} }: Tagged): void {
  if (ifMatch === undefined) return;
  if (tag !== undefined && (ifMatch.includes('*') || ifMatch.includes(tag))) return;
  const seen = tag === undefined ? 'is not there' : `is at "${tag}", which If-Match does not name`;
  throw new PreconditionFailedError(`${what} ${seen}: look at it again before you change it.`, {
    context: { ...facts, etag: tag === undefined ? null : `"${tag}"` },
  });
}
