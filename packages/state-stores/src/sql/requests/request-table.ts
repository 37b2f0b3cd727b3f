import type { JsonObject, KeyedRequest, KeyedRequests, RequestClaim, Timestamp } from '@buildstate/core';
import { UnavailableError } from '@buildstate/core/light';
import { sql } from 'kysely';
import type { SqlContext } from '../context.ts';
import type { Statement } from '../dialect.ts';
import { prepared } from '../prepared.ts';
import { readRow } from '../read.ts';
import { type ResultRow, recordOf } from '../record-table.ts';
import { keyedRequests } from '../rows/keyed-requests-rows.ts';
import { claimStatement } from './claim-statement.ts';

/** How often a claim is put again because what was in its way is gone. */
const mostTries = 10;

/** Requests by their caller's key. */
export class RequestTable implements KeyedRequests {
  readonly #context: SqlContext;
  readonly #claim: (claim: RequestClaim, now: Timestamp) => Statement;
  readonly #byId: (values: { id: string }) => Statement;
  readonly #finish: (values: { id: string; performer: string; answer: unknown }) => Statement;
  readonly #release: (values: { id: string; performer: string }) => Statement;
  readonly #sweep: (values: { now: string; limit: number }) => Statement;

  constructor(context: SqlContext) {
    const { dialect } = context;
    this.#context = context;
    this.#claim = claimStatement(dialect);
    this.#byId = prepared<{ id: string }>(
      dialect,
      (value) => sql`select * from keyed_requests where id = ${value('id')}`,
    );
    this.#finish = prepared<{ id: string; performer: string; answer: unknown }>(
      dialect,
      (value) => sql`update keyed_requests set answer = ${value('answer')}, held_until = null
        where id = ${value('id')} and performer = ${value('performer')}`,
    );
    this.#release = prepared<{ id: string; performer: string }>(
      dialect,
      (value) => sql`update keyed_requests set held_until = null
        where id = ${value('id')} and performer = ${value('performer')} and answer is null`,
    );
    this.#sweep = prepared<{ now: string; limit: number }>(
      dialect,
      (value) => sql`delete from keyed_requests where id in (
          select id from keyed_requests where expires_at <= ${value('now')}
          order by expires_at limit ${value('limit')})
        returning id`,
    );
  }

  /** See `KeyedRequests.claimRequest`. */
  async claimRequest(claim: RequestClaim, now: Timestamp): Promise<KeyedRequest> {
    const { session } = this.#context;
    for (let tries = 0; tries < mostTries; tries++) {
      const { rows } = await session.write([this.#claim(claim, now)]);
      const row = rows[0] ?? (await readRow(session, this.#byId({ id: claim.id })));
      if (row !== undefined) return this.#recordOf(row);
    }
    throw new UnavailableError(
      'A keyed request is being claimed by too many at once. Try again in a moment.',
    );
  }

  /** See `KeyedRequests.finishRequest`. */
  async finishRequest(id: string, performer: string, answer: JsonObject): Promise<boolean> {
    const { dialect, session } = this.#context;
    const statement = this.#finish({ id, performer, answer: dialect.encode('json', answer) });
    return (await session.write([{ ...statement, guard: true }])).applied;
  }

  /** See `KeyedRequests.releaseRequest`. */
  async releaseRequest(id: string, performer: string): Promise<void> {
    await this.#context.session.write([this.#release({ id, performer })]);
  }

  /** See `KeyedRequests.sweepRequests`. */
  async sweepRequests(now: Timestamp, limit: number): Promise<number> {
    return (await this.#context.session.write([this.#sweep({ now, limit })])).rows.length;
  }

  #recordOf(row: ResultRow): KeyedRequest {
    return recordOf(keyedRequests, row, this.#context.dialect);
  }
}
