import { UnavailableError } from '@buildstate/core/light';
import type { WriteOutcome, WriteStatement } from '../sql/dialect.ts';
import type { Connection } from './connections.ts';
import { decisive } from './decisive.ts';
import { Lanes } from './lanes.ts';
import { type MergeableWrite, WriteMerger } from './merged-write.ts';

/** Does some work on a connection for transitions. */
type OnConnection = <T>(work: (connection: Connection) => Promise<T>) => Promise<T>;
/** Does one write by itself. */
type WriteAlone = (statements: readonly WriteStatement[]) => Promise<WriteOutcome>;

interface Queued {
  readonly write: MergeableWrite;
  outcome: () => WriteOutcome;
}

const lanes = 2;
const largest = 64;

/**
 * Writes of builds that share statements. None is in two statements at the same time, so that each is decided by itself;
 * when a statement fails, each of its writes is done alone, and what was wrong with one harms no other.
 */
export class WriteQueue {
  readonly #merger = new WriteMerger();
  readonly #lanes: Lanes<Queued>;
  readonly #onConnection: OnConnection;
  readonly #alone: WriteAlone;

  constructor(onConnection: OnConnection, alone: WriteAlone) {
    this.#onConnection = onConnection;
    this.#alone = alone;
    this.#lanes = new Lanes<Queued>({
      lanes,
      largest,
      keyOf: ({ write }) => write.buildId,
      run: (batch) => this.#run(batch),
    });
  }

  /** Resolves when the write is durable or refused. */
  async write(write: MergeableWrite): Promise<WriteOutcome> {
    const queued: Queued = { write, outcome: () => ({ applied: false, rows: [] }) };
    await this.#lanes.add(queued);
    return queued.outcome();
  }

  async #run(batch: readonly Queued[]): Promise<void> {
    // Rows are locked in the order in which they are written: all instances keep to the same one.
    const sorted = batch.toSorted((a, b) => (a.write.buildId < b.write.buildId ? -1 : 1));
    const statement = this.#merger.merge(sorted.map(({ write }) => write));
    try {
      const { rows } = await this.#onConnection((connection) => decisive(connection.run(statement)));
      const written = new Set(rows.map(({ id }) => id));
      for (const queued of batch) {
        const applied = written.has(queued.write.buildId);
        queued.outcome = () => ({ applied, rows: [] });
      }
    } catch (error) {
      if (error instanceof UnavailableError) settleWith(batch, error);
      else await Promise.all(batch.map((queued) => this.#again(queued)));
    }
  }

  async #again(queued: Queued): Promise<void> {
    try {
      const outcome = await this.#alone(queued.write.statements);
      queued.outcome = () => outcome;
    } catch (error) {
      settleWith([queued], error);
    }
  }
}

function settleWith(batch: readonly Queued[], error: unknown): void {
  for (const queued of batch) {
    queued.outcome = () => {
      throw error;
    };
  }
}
