import type { Duties, Duty, DutyClaim, DutyEnd } from '@buildstate/core';
import { sql } from 'kysely';
import type { SqlContext } from '../context.ts';
import type { Statement } from '../dialect.ts';
import { prepared, statementOf } from '../prepared.ts';
import { readRows } from '../read.ts';
import { recordOf } from '../record-table.ts';
import { duties } from '../rows/duties-rows.ts';

interface Held {
  readonly name: string;
  readonly token: number;
}

type Take = { readonly name: string; readonly holder: string; readonly ttl: number; readonly early: number };
type End = Held & Omit<DutyEnd, 'dueInSeconds'> & { readonly due: number };

/** Work in the background that one process at a time does. Its times are the database's. */
export class DutyTable implements Duties {
  readonly #context: SqlContext;
  readonly #take: (values: Take) => Statement;
  readonly #renew: (values: Held) => Statement;
  readonly #end: (values: End) => Statement;
  readonly #release: (values: Held) => Statement;

  constructor(context: SqlContext) {
    const { dialect } = context;
    this.#context = context;
    // Two at once meet at the primary key: the later one sees what the earlier one made of the row.
    this.#take = prepared<Take>(
      dialect,
      (value) => sql`insert into duties (name, holder, token, ttl_seconds, taken_at, held_until, failures)
        select ${value('name')}, ${value('holder')}, 1, ttl_seconds, ${dialect.nowTime},
          ${dialect.nowPlus('ttl_seconds')}, 0
        from (select cast(${value('ttl')} as double precision) as ttl_seconds) as given where true
        on conflict (name) do update set
          holder = excluded.holder,
          token = duties.token + 1,
          ttl_seconds = excluded.ttl_seconds,
          taken_at = excluded.taken_at,
          held_until = excluded.held_until
        where (duties.held_until is null or duties.held_until <= excluded.taken_at)
          and (cast(${value('early')} as integer) = 1 or duties.due_at is null
            or duties.due_at <= excluded.taken_at)
        returning *`,
    );
    const isHeld = (value: (name: 'name' | 'token') => unknown) =>
      sql`name = ${value('name')} and token = ${value('token')} and held_until is not null`;
    this.#renew = prepared<Held>(
      dialect,
      (value) => sql`update duties set held_until = ${dialect.nowPlus('ttl_seconds')} where ${isHeld(value)}`,
    );
    this.#end = prepared<End>(
      dialect,
      (value) => sql`update duties set held_until = null, ended_at = ${dialect.nowTime},
          due_at = ${dialect.nowPlus('due_seconds')}, outcome = ${value('outcome')},
          failures = ${value('failures')}, detail = ${value('detail')}
        from (select cast(${value('due')} as double precision) as due_seconds) as given
        where ${isHeld(value)}`,
    );
    this.#release = prepared<Held>(
      dialect,
      (value) => sql`update duties set held_until = null where ${isHeld(value)}`,
    );
  }

  /** See `Duties.takeDuty`. */
  async takeDuty({ name, holder, ttlSeconds, early = false }: DutyClaim): Promise<Duty | undefined> {
    const { dialect, session } = this.#context;
    const statement = this.#take({ name, holder, ttl: ttlSeconds, early: early ? 1 : 0 });
    const [row] = (await session.write([statement])).rows;
    return row && recordOf(duties, row, dialect);
  }

  /** See `Duties.renewDuty`. */
  async renewDuty(name: string, token: number): Promise<boolean> {
    return this.#applied(this.#renew({ name, token }));
  }

  /** See `Duties.endDuty`. */
  async endDuty(name: string, token: number, { dueInSeconds: due, ...end }: DutyEnd): Promise<boolean> {
    return this.#applied(this.#end({ name, token, due, ...end }));
  }

  /** See `Duties.releaseDuty`. */
  async releaseDuty(name: string, token: number): Promise<void> {
    await this.#applied(this.#release({ name, token }));
  }

  /** See `Duties.listDuties`. */
  async listDuties(): Promise<readonly Duty[]> {
    const { dialect, session } = this.#context;
    const rows = await readRows(session, statementOf(dialect, sql`select * from duties order by name`));
    return rows.map((row) => recordOf(duties, row, dialect));
  }

  async #applied(statement: Statement): Promise<boolean> {
    return (await this.#context.session.write([{ ...statement, guard: true }])).applied;
  }
}
