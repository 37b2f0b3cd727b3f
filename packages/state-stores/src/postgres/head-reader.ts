import type { JoinedHead } from '../sql/dialect.ts';
import type { Connection } from './connections.ts';
import { headsStatement, joinedHeadOf } from './head-query.ts';
import { Lanes, type Outcome } from './lanes.ts';

/** Does some work on a connection for transitions. */
type OnConnection = <T>(work: (connection: Connection) => Promise<T>) => Promise<T>;

interface Asked {
  readonly buildId: string;
  readonly eventId: string;
}

type Answer = JoinedHead | undefined;

const lanes = 2;
const largest = 64;

/** Reads heads, those that are asked for at the same time with one statement. */
export class HeadReader {
  readonly #onConnection: OnConnection;
  readonly #lanes: Lanes<Asked, Answer>;

  constructor(onConnection: OnConnection) {
    this.#onConnection = onConnection;
    this.#lanes = new Lanes<Asked, Answer>({ lanes, largest, run: (batch) => this.#run(batch) });
  }

  /** The rows of a head, and of a report about the build; `undefined` when there is no such build. */
  read(buildId: string, eventId: string): Promise<Answer> {
    return this.#lanes.add({ buildId, eventId });
  }

  async #run(batch: readonly Asked[]): Promise<readonly Outcome<Answer>[]> {
    const statement = headsStatement(
      batch.map(({ buildId }) => buildId),
      batch.map(({ eventId }) => eventId),
    );
    try {
      const { rows } = await this.#onConnection((connection) => connection.run(statement));
      const answers: Outcome<Answer>[] = batch.map(() => () => undefined);
      for (const row of rows) answers[Number(row.place) - 1] = () => joinedHeadOf(row);
      return answers;
    } catch (error) {
      return batch.map(() => () => {
        throw error;
      });
    }
  }
}
