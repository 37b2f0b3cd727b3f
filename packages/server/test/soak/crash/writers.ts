import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BuildStateClient, type ConnectOptions, connect } from '@buildstate/client';
import { BuildStateError } from '@buildstate/core';
import { devKeys } from '../../support/test-server.ts';
import type { Told, ToldOfBuild } from './told.ts';

const reportsOfBuild = 200;
/** What a server that is away, or whose database is, may answer. Anything else is a fault. */
const awayCodes: ReadonlySet<string> = new Set([
  'unreachable',
  'unavailable',
  'timeout',
  'request_in_flight',
]);

/** Clients that report to builds of their own, and tell everything again until it is acknowledged. */
export class Writers {
  /** Everything that was told. */
  readonly told = new Map<string, ToldOfBuild>();
  /** Reports that were acknowledged. */
  acknowledged = 0;
  /** How often the client gave up, and something was told again. */
  repeated = 0;
  /** Answers that no server may give. */
  readonly faults: string[] = [];
  readonly #client: BuildStateClient;
  readonly #work: readonly Promise<void>[];
  #stopping = false;

  private constructor(client: BuildStateClient, writers: number) {
    this.#client = client;
    this.#work = Array.from({ length: writers }, (_, writer) => this.#write(writer));
  }

  /** Starts as many as are asked for, with the official client. */
  static async start(url: string, writers: number, options: ConnectOptions = {}): Promise<Writers> {
    const client = await connect(url, { apiKey: devKeys.write, flushSpool: false, env: {}, ...options });
    return new Writers(client, writers);
  }

  /** A builds' reports so far, as they were when it was asked. */
  snapshot(): Told {
    return new Map(
      [...this.told].map(([build, { sent, acknowledged }]) => [
        build,
        { sent, acknowledged: [...acknowledged] },
      ]),
    );
  }

  /** Ids of the reports behind the attempts of a build, oldest first. */
  async kept(build: string): Promise<string[]> {
    const ids: string[] = [];
    for await (const { eventId } of this.#client.builds.attempts(build)) ids.push(eventId);
    return ids;
  }

  /** Lets what was begun be acknowledged, and stops. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#work);
  }

  /** Frees the client. */
  close(): Promise<void> {
    return this.#client.close();
  }

  async #write(writer: number): Promise<void> {
    while (!this.#stopping) {
      const id = randomUUID();
      const told: ToldOfBuild = { sent: new Set(), acknowledged: [] };
      this.told.set(id, told);
      await this.#insist(() => this.#client.builds.create({ id, project: 'images' }));
      // Each of these reports begins an attempt, so that there is one row for each.
      const status = writer % 2 === 0 ? 'started' : 'failed';
      for (let count = 0; count < reportsOfBuild && !this.#stopping; count++) {
        const eventId = randomUUID();
        told.sent.add(eventId);
        const report = { state: 5, status, eventId, takeover: true } as const;
        if (!(await this.#insist(() => this.#client.builds.record(id, report)))) break;
        told.acknowledged.push(eventId);
        this.acknowledged += 1;
      }
    }
  }

  /** Does something until it is acknowledged, as often as no answer comes. False where the answer is a fault. */
  async #insist(tell: () => Promise<unknown>): Promise<boolean> {
    for (;;) {
      try {
        await tell();
        return true;
      } catch (error) {
        if (!(error instanceof BuildStateError) || !awayCodes.has(error.code)) {
          this.faults.push(String(error));
          return false;
        }
        this.repeated += 1;
        await sleep(20);
      }
    }
  }
}
