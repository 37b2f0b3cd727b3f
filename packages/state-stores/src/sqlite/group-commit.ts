import { setImmediate as nextTurn } from 'node:timers/promises';
import type { WriteOutcome, WriteStatement } from '../sql/dialect.ts';

/** A write that waits. */
export interface WaitingWrite {
  /** What to do. */
  readonly statements: readonly WriteStatement[];
  /** What became of it. */
  settle(outcome: WriteOutcome): void;
  /** Why nothing became of it. */
  fail(error: unknown): void;
}

/** Commits some writes together. Settles or fails each of them; never rejects. */
export type CommitTogether = (take: () => readonly WaitingWrite[]) => Promise<void>;

/**
 * Group commit: the cost of a commit is the wait for the disk, and that is the same for one write and for many. Writes
 * that arrive in the same turn of the event loop, or while others are being written, share a transaction.
 */
export class GroupCommit {
  readonly #commit: CommitTogether;
  readonly #largest: number;
  #waiting: WaitingWrite[] = [];
  #running: Promise<void> | undefined;

  /**
   * @param largest most writes in one transaction, so that it holds the lock only for a while
   */
  constructor(commit: CommitTogether, largest: number) {
    this.#commit = commit;
    this.#largest = largest;
  }

  /** Resolves when the write is durable or refused. */
  write(statements: readonly WriteStatement[]): Promise<WriteOutcome> {
    return new Promise((settle, fail) => {
      this.#waiting.push({ statements, settle, fail });
      this.#running ??= this.#run();
    });
  }

  /** Resolves when nothing waits any more. */
  async drain(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      await this.#gather();
      // Taken only once the lock is there: what arrives while waiting for it comes along.
      await this.#commit(() => this.#waiting.splice(0, this.#largest));
    }
    this.#running = undefined;
  }

  /**
   * By the end of a turn, all requests that came in with it have handed over their writes. As long as each turn brings
   * more of them, they are cheaper together than in a transaction of their own right after this one.
   */
  async #gather(): Promise<void> {
    for (let gathered = 0; gathered < this.#waiting.length && gathered < this.#largest; ) {
      gathered = this.#waiting.length;
      await nextTurn();
    }
  }
}
