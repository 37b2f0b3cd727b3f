import type { RequestClaim, Timestamp } from '@buildstate/core';
import { sql } from 'kysely';
import type { SqlDialect, Statement } from '../dialect.ts';
import { prepared } from '../prepared.ts';
import { cellsOf } from '../record-table.ts';
import { keyedRequests } from '../rows/keyed-requests-rows.ts';

type Values = Readonly<Record<string, unknown>> & { readonly now: unknown };

/**
 * The statement that claims a request, or takes one over whose performer is gone; it returns the row when it did. Two
 * at once meet at the primary key: the later one sees the earlier one's row.
 */
export function claimStatement(dialect: SqlDialect): (claim: RequestClaim, now: Timestamp) => Statement {
  const { names } = keyedRequests;
  const statement = prepared<Values>(dialect, (value) => {
    const columns = sql.join(names.map((name) => sql.ref(name)));
    const cells = sql.join(names.map((name) => sql`${value(name)}`));
    const now = value('now');
    return sql`insert into keyed_requests (${columns}) values (${cells})
      on conflict (id) do update set
        fingerprint = excluded.fingerprint,
        performer = excluded.performer,
        held_until = excluded.held_until,
        expires_at = excluded.expires_at,
        seed = case when keyed_requests.expires_at <= ${now} then excluded.seed else keyed_requests.seed end,
        answer = null
      where keyed_requests.expires_at <= ${now}
        or (keyed_requests.fingerprint = excluded.fingerprint and keyed_requests.answer is null
          and (keyed_requests.held_until is null or keyed_requests.held_until <= ${now}))
      returning *`;
  });
  return (claim, now) => {
    const cells = cellsOf(keyedRequests.columns, { ...claim, answer: null }, dialect);
    return statement({ ...Object.fromEntries(names.map((name, index) => [name, cells[index]])), now });
  };
}
