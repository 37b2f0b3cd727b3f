import type { JoinedHead } from '../sql/dialect.ts';
import type { Connection } from './connections.ts';
import { headsStatement, joinedHeadOf } from './head-query.ts';
import { Lanes } from './lanes.ts';

/** Does some work on a connection for transitions. */
type OnConnection = <T>(work: (connection: Connection) => Promise<T>) => Promise<T>;

interface Asked {
  readonly buildId: string;
  readonly eventId: string;
  answer: () => JoinedHead | undefined;
}

const lanes = 2;
const largest = 64;

/** Reads heads, those that are asked for at the same time with one statement. */
export class HeadReader {
  readonly #onConnection: OnConnection;
  readonly #lanes: Lanes<Asked>;

  constructor(onConnection: OnConnection) {
    this.#onConnection = onConnection;
    this.#lanes = new Lanes<Asked>({ lanes, largest, run: (batch) => this.#run(batch) });
  }

  /** The rows of a head, and of a report about the build; `undefined` when there is no such build. */
  async read(buildId: string, eventId: string): Promise<JoinedHead | undefined> {
    const asked: Asked = { buildId, eventId, answer: () => undefined };
    await this.#lanes.add(asked);
    return asked.answer();
  }

  async #run(batch: readonly Asked[]): Promise<void> {
    const statement = headsStatement(
      batch.map(({ buildId }) => buildId),
      batch.map(({ eventId }) => eventId),
    );
    try {
      const { rows } = await this.#onConnection((connection) => connection.run(statement));
      for (const row of rows) {
        const asked = batch[Number(row.place) - 1];
        if (asked !== undefined) asked.answer = () => joinedHeadOf(row);
      }
    } catch (error) {
      for (const asked of batch) {
        asked.answer = () => {
          throw error;
        };
      }
    }
  }
}
