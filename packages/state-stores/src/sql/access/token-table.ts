import type { ApiToken, Timestamp } from '@buildstate/core';
import type { SqlContext } from '../context.ts';
import type { Statement } from '../dialect.ts';
import { prepared, statementOf } from '../prepared.ts';
import { readRow, readRows } from '../read.ts';
import { recordOf } from '../record-table.ts';
import { tokens } from '../rows/tokens-rows.ts';
import { upserter, type WriteRecord } from '../write-records.ts';

/** API keys. */
export class TokenTable {
  readonly #context: SqlContext;
  readonly #upsert: WriteRecord<ApiToken>;
  readonly #byId: (values: { id: string }) => Statement;
  readonly #touch: (values: { id: string; lastUsedAt: string }) => Statement;

  constructor(context: SqlContext) {
    this.#context = context;
    this.#upsert = upserter(context.dialect, tokens, ['id']);
    this.#byId = prepared<{ id: string }>(context.dialect, (value) =>
      context.dialect.builder.selectFrom('api_tokens').selectAll().where('id', '=', value('id')),
    );
    this.#touch = prepared<{ id: string; lastUsedAt: string }>(context.dialect, (value) =>
      context.dialect.builder
        .updateTable('api_tokens')
        .set({ last_used_at: value('lastUsedAt') })
        .where('id', '=', value('id')),
    );
  }

  /** See `StateStore.loadToken`. */
  async load(id: string): Promise<ApiToken | undefined> {
    const { dialect, session } = this.#context;
    const row = await readRow(session, this.#byId({ id }));
    return row && recordOf(tokens, row, dialect);
  }

  /** See `StateStore.listTokens`. */
  async list(): Promise<readonly ApiToken[]> {
    const { dialect, session } = this.#context;
    const all = dialect.builder.selectFrom('api_tokens').selectAll().orderBy('created_at').orderBy('id');
    const rows = await readRows(session, statementOf(dialect, all));
    return rows.map((row) => recordOf(tokens, row, dialect));
  }

  /** See `StateStore.saveToken`. */
  async save(token: ApiToken): Promise<void> {
    const hint = { kind: 'token', tokenId: token.id } as const;
    await this.#context.session.write([{ ...this.#upsert(token), hint }]);
  }

  /** See `StateStore.touchToken`. */
  async touch(id: string, lastUsedAt: Timestamp): Promise<void> {
    await this.#context.session.write([this.#touch({ id, lastUsedAt })]);
  }
}
