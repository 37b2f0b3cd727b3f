import { UnavailableError } from '@buildstate/core/light';
import type { WriteOutcome, WriteStatement } from '../sql/dialect.ts';
import type { Connection } from './connections.ts';
import { decisive } from './decisive.ts';
import { Lanes, type Outcome } from './lanes.ts';
import { type MergeableWrite, WriteMerger } from './merged-write.ts';

/** Does some work on a connection for transitions. */
type OnConnection = <T>(work: (connection: Connection) => Promise<T>) => Promise<T>;
/** Does one write by itself. */
type WriteAlone = (statements: readonly WriteStatement[]) => Promise<WriteOutcome>;

const lanes = 2;
const largest = 64;

const applied: WriteOutcome = { applied: true, rows: [] };
const refused: WriteOutcome = { applied: false, rows: [] };

/**
 * Writes of builds that share statements. None is in two statements at the same time, so that each is decided by itself;
 * when a statement fails, each of its writes is done alone, and what was wrong with one harms no other.
 */
export class WriteQueue {
  readonly #merger = new WriteMerger();
  readonly #lanes: Lanes<MergeableWrite, WriteOutcome>;
  readonly #onConnection: OnConnection;
  readonly #alone: WriteAlone;

  constructor(onConnection: OnConnection, alone: WriteAlone) {
    this.#onConnection = onConnection;
    this.#alone = alone;
    this.#lanes = new Lanes({
      lanes,
      largest,
      keyOf: ({ buildId }) => buildId,
      run: (batch) => this.#run(batch),
    });
  }

  /** Resolves when the write is durable or refused. */
  write(write: MergeableWrite): Promise<WriteOutcome> {
    return this.#lanes.add(write);
  }

  async #run(batch: readonly MergeableWrite[]): Promise<readonly Outcome<WriteOutcome>[]> {
    // Rows are locked in the order in which they are written: all instances keep to the same one.
    const sorted = batch.toSorted((a, b) => (a.buildId < b.buildId ? -1 : 1));
    try {
      const statement = this.#merger.merge(sorted);
      const { rows } = await this.#onConnection((connection) => decisive(connection.run(statement)));
      const written = new Set(rows.map(({ id }) => id));
      return batch.map(
        ({ buildId }) =>
          () =>
            written.has(buildId) ? applied : refused,
      );
    } catch (error) {
      if (error instanceof UnavailableError) return batch.map(() => rethrow(error));
      return Promise.all(batch.map((write) => this.#again(write)));
    }
  }

  async #again({ statements }: MergeableWrite): Promise<Outcome<WriteOutcome>> {
    try {
      const outcome = await this.#alone(statements);
      return () => outcome;
    } catch (error) {
      return rethrow(error);
    }
  }
}

function rethrow(error: unknown): Outcome<never> {
  return () => {
    throw error;
  };
}
