import type { JsonObject, KeyedRequest, KeyedRequests, RequestClaim, Timestamp } from '@buildstate/core';
import { mapConcurrently } from '@buildstate/core/light';
import { claimed, finished, released } from '../lists/claim-request.ts';
import { again, untilDecided } from './again.ts';
import { keys } from './keys.ts';
import type { RecordTools } from './named-records.ts';
import { writeSurely } from './write-surely.ts';

interface RequestDocument {
  readonly request: KeyedRequest;
  /** Makes every text different. */
  readonly write: string;
}

/** How many documents a sweep fetches at once. */
const fetchedTogether = 16;

function parse(text: string): KeyedRequest {
  return (JSON.parse(text) as RequestDocument).request;
}

/** Requests by their caller's key, one document each. */
export class RequestDocuments implements KeyedRequests {
  readonly #tools: RecordTools;

  constructor(tools: RecordTools) {
    this.#tools = tools;
  }

  async claimRequest(claim: RequestClaim, now: Timestamp): Promise<KeyedRequest> {
    const { put, kept } = await this.#update(claim.id, (before) => claimed(before, claim, now));
    return (put ?? kept) as KeyedRequest;
  }

  async finishRequest(id: string, performer: string, answer: JsonObject): Promise<boolean> {
    return (await this.#update(id, (kept) => finished(kept, performer, answer))).put !== undefined;
  }

  async releaseRequest(id: string, performer: string): Promise<void> {
    await this.#update(id, (kept) => released(kept, performer));
  }

  /**
   * There is no index by time, so a sweep looks at some of the documents, beginning at a random one; one sweep after
   * the other they are all looked at. Should a key be used again in the moment in which its old request is removed, then
   * the new claim goes with it: that request is performed once more, to the same effect.
   */
  async sweepRequests(now: Timestamp, limit: number): Promise<number> {
    const { driver, nonce } = this.#tools;
    // The end of a UUID is random, and so is the hash that a key is.
    const from = keys.record(keys.requests, nonce().replaceAll('-', '').slice(-8));
    const later = await driver.list(keys.requests, from);
    const listed = later.keys.length > 0 ? later : await driver.list(keys.requests);
    const removed = await mapConcurrently(listed.keys.slice(0, limit), fetchedTogether, async (key) => {
      const found = await driver.get(key);
      if (found === undefined || parse(found.text).expiresAt > now) return 0;
      await driver.delete(key);
      return 1;
    });
    return removed.reduce<number>((sum, one) => sum + one, 0);
  }

  /** Puts what `change` makes of a request, and answers both; nothing is written when it makes nothing of it. */
  async #update(id: string, change: (kept: KeyedRequest | undefined) => KeyedRequest | undefined) {
    const { driver, clock, nonce } = this.#tools;
    const key = keys.record(keys.requests, id);
    return untilDecided(clock, 'A keyed request', async () => {
      const found = await driver.get(key);
      const kept = found && parse(found.text);
      const put = change(kept);
      if (put === undefined) return { put, kept };
      const text = JSON.stringify({ request: put, write: nonce() } satisfies RequestDocument);
      const isOurs = (stored: string) => stored === text;
      const expected = found?.version ?? null;
      const result = await writeSurely(driver, clock, { key, text, expected, isOurs });
      return result === 'conflict' ? again : { put, kept };
    });
  }
}
