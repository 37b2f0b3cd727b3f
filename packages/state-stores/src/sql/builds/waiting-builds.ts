import type { NextStates, StateRange, WaitingBuild, WaitingQuery } from '@buildstate/core';
import { type RawBuilder, sql } from 'kysely';
import { oldest } from '../../lists/waiting.ts';
import type { SqlContext } from '../context.ts';
import { statementOf } from '../prepared.ts';

type Condition = RawBuilder<unknown>;

const never = sql`1 = 0`;

function all(conditions: readonly (Condition | undefined)[]): Condition {
  return sql.join(
    conditions.filter((condition) => condition !== undefined),
    sql` and `,
  );
}

function within(column: string, ranges: readonly StateRange[]): Condition {
  if (ranges.length === 0) return never;
  const each = ranges.map(({ first, last }) => sql`${sql.ref(column)} between ${first} and ${last}`);
  return sql`(${sql.join(each, sql` or `)})`;
}

/** An open resume request, or the end of a branch, may lead somewhere else than record and catalogue say. */
const isLed = sql`(branch_until is not null or head -> 'resumeTarget' ->> 'state' is not null)`;

/**
 * What a running build does next: the state that was begun and not completed, or the one that follows. A state that was
 * completed, begun anew and given up is told only by what is known of it.
 */
function runningFits({ after, begun }: NextStates): Condition {
  const follows = within('last_successful_state', after);
  const repeats = within('current_state', begun);
  return sql`(case when current_state > last_successful_state then ${repeats}
    when open_attempt_id is null and ${follows} then ${sql.lit(true)}
    when ${repeats} then open_attempt_id is not null or exists (
      select 1 from build_state_records as known where known.build_id = builds.id
      and known.state = builds.current_state and known.abandoned = ${sql.lit(true)})
    else ${sql.lit(false)} end or ${isLed})`;
}

/** What a pending build begins with: a branch with what follows the states that it has from its parent. */
function pendingFits({ pending, after }: NextStates): Condition {
  const begins = pending ? sql`last_successful_state = 0` : never;
  return sql`(${begins} or (last_successful_state > 0 and ${within('last_successful_state', after)}) or ${isLed})`;
}

/** Finds what waits for a worker. */
export class WaitingBuildLists {
  readonly #context: SqlContext;

  constructor(context: SqlContext) {
    this.#context = context;
  }

  /** See `WaitingBuilds.listWaiting`. Each kind comes from an index of its own, and the oldest of all are answered. */
  async list(query: WaitingQuery): Promise<readonly WaitingBuild[]> {
    const { dialect, session } = this.#context;
    const statements = this.#kinds(query).map((kind) => statementOf(dialect, kind));
    const rows = (await session.read(statements)).flat();
    const waiting = rows.map((row) => ({ id: String(row.id), createdAt: String(row.created_at) }));
    return oldest(waiting, query.limit);
  }

  #kinds({ projectId, platformId, next, limit }: WaitingQuery): readonly Condition[] {
    // In a sub-select, so that it is one value that an index can be searched by.
    const now = sql`(select ${this.#context.dialect.nowTime})`;
    const asked = [
      projectId === undefined ? undefined : sql`project_id = ${projectId}`,
      platformId === undefined ? undefined : sql`platform_id = ${platformId}`,
      sql`deleted_at is null`,
    ];
    const select = (source: Condition, ...conditions: readonly (Condition | undefined)[]) =>
      sql`select id, created_at from ${source} where ${all([...conditions, ...asked])}
        order by created_at, id limit ${limit}`;
    // Cross joined because SQLite then goes through them in this order: from what time brings to the whole builds.
    const from = (ids: Condition) => sql`(${ids}) as due cross join builds`;
    // Written out rather than as parameters: only so does a database see that a partial index has them.
    const status = (name: string) => sql`status = ${sql.lit(name)}`;
    const waits = {
      pending: [status('pending'), next && pendingFits(next)],
      running: [
        status('running'),
        next && runningFits(next),
        // What was begun without a lease does not expire.
        sql`(open_attempt_id is null or exists (select 1 from build_states as open
          where open.id = builds.open_attempt_id and open.build_id = builds.id and open.lease_token is not null))`,
      ],
    };
    const free = sql`held_until is null`;
    const lives = sql`exists (select 1 from leases where leases.build_id = builds.id
      and leases.released_at is null and leases.expires_at > ${now})`;
    return [
      select(sql`builds`, free, ...waits.pending),
      select(sql`builds`, free, ...waits.running),
      select(
        from(sql`select id as due_id from builds where held_until <= ${now}`),
        sql`id = due_id`,
        sql`not ${lives}`,
        sql`((${all(waits.pending)}) or (${all(waits.running)}))`,
      ),
      select(
        from(sql`select id as due_id from builds where next_retry_at <= ${now}`),
        sql`id = due_id`,
        sql`not ${lives}`,
        status('failed'),
        next && sql`(${within('failed_state', next.failed)} or ${isLed})`,
      ),
    ];
  }
}
