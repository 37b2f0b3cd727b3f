import type { BuildChange, Lease } from '@buildstate/core';
import { sql } from 'kysely';
import type { SqlContext } from '../context.ts';
import type { Statement, WriteStatement } from '../dialect.ts';
import { prepared } from '../prepared.ts';
import { readRow } from '../read.ts';
import { recordOf } from '../record-table.ts';
import { leaseOf, leases } from '../rows/leases-rows.ts';
import { changeWriter } from './commit-statements.ts';

interface Taken {
  readonly id: string;
  readonly projectId: string;
  readonly buildNumber: string;
}

interface Renewal {
  readonly buildId: string;
  readonly token: number;
}

/** Writes decisions. */
export class BuildWriter {
  readonly #context: SqlContext;
  readonly #statements: (change: BuildChange) => WriteStatement[];
  readonly #existing: (values: Taken) => Statement;
  readonly #renew: (values: Renewal) => Statement;

  constructor(context: SqlContext) {
    const { dialect } = context;
    this.#context = context;
    this.#statements = changeWriter(dialect);
    this.#existing = prepared<Taken>(
      dialect,
      (value) => sql`select id from builds where id = ${value('id')}
        union all
        select id from builds
        where project_id = ${value('projectId')} and build_number = ${value('buildNumber')}`,
    );
    // Nothing but the lease: heartbeats must not disturb decisions that do not rest on its expiry.
    this.#renew = prepared<Renewal>(
      dialect,
      (value) => sql`update leases
        set renewals = renewals + 1, expires_at = ${dialect.nowPlus('ttl_seconds')}
        where build_id = ${value('buildId')} and token = ${value('token')} and released_at is null
        returning *`,
    );
  }

  /** See `StateStore.createBuild`. */
  async create(change: BuildChange): Promise<{ readonly existing?: string }> {
    const { session } = this.#context;
    const { applied } = await session.write(this.#statements(change));
    if (applied) return {};
    const { id, projectId, buildNumber } = change.head.build;
    // The one with the id comes first. Builds are never removed, so what was in the way is still there.
    const row = await readRow(session, this.#existing({ id, projectId, buildNumber }));
    return { existing: row === undefined ? id : String(row.id) };
  }

  /** See `StateStore.commitBuild`. */
  async commit(change: BuildChange): Promise<'applied' | 'conflict'> {
    const { applied } = await this.#context.session.write(this.#statements(change));
    return applied ? 'applied' : 'conflict';
  }

  /** See `StateStore.renewLease`. */
  async renewLease(buildId: string, token: number): Promise<Lease | undefined> {
    const { dialect, session } = this.#context;
    const { rows } = await session.write([{ ...this.#renew({ buildId, token }), guard: true }]);
    const [row] = rows;
    return row && leaseOf(recordOf(leases, row, dialect));
  }
}
