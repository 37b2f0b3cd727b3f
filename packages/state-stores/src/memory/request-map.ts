import type { JsonObject, KeyedRequest, KeyedRequests, RequestClaim, Timestamp } from '@buildstate/core';
import { claimed, finished, released } from '../lists/claim-request.ts';

/** Requests by their caller's key, in this process. */
export class RequestMap implements KeyedRequests {
  readonly #requests = new Map<string, KeyedRequest>();

  async claimRequest(claim: RequestClaim, now: Timestamp): Promise<KeyedRequest> {
    const kept = this.#requests.get(claim.id);
    const put = claimed(kept, claim, now);
    return structuredClone((put === undefined ? kept : this.#put(put)) as KeyedRequest);
  }

  async finishRequest(id: string, performer: string, answer: JsonObject): Promise<boolean> {
    const put = finished(this.#requests.get(id), performer, answer);
    if (put !== undefined) this.#put(put);
    return put !== undefined;
  }

  async releaseRequest(id: string, performer: string): Promise<void> {
    const put = released(this.#requests.get(id), performer);
    if (put !== undefined) this.#put(put);
  }

  async sweepRequests(now: Timestamp, limit: number): Promise<number> {
    const expired = [...this.#requests.values()].filter(({ expiresAt }) => expiresAt <= now).slice(0, limit);
    for (const { id } of expired) this.#requests.delete(id);
    return expired.length;
  }

  #put(request: KeyedRequest): KeyedRequest {
    this.#requests.set(request.id, structuredClone(request));
    return request;
  }
}
