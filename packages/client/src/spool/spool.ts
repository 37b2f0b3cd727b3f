import type { Clock, Logger, OperationAnswer } from '@buildstate/core';
import { type BuildStateError, TimeoutError, UnreachableError } from '@buildstate/core/light';
import { withHolderLock } from '@buildstate/node-runtime';
import type { CallOptions } from '../api/call.ts';
import type { FlushResult, RejectedReport, SpoolApi, SpooledReport } from '../api/spool.ts';
import type { ClientDoor } from '../client-door.ts';
import { type Delivery, deliverWaiting, isAway } from './deliver.ts';
import { datedReport, type ReportBody } from './late-report.ts';
import type { ReportOptions, ReportOutcome } from './report.ts';
import { buildKeyOf, mayBeSameBuild, type SpoolFolder } from './spool-folder.ts';
import { describeRejected, describeSpooled, type ReportOperation, type SpooledFile } from './spooled-file.ts';

/** What a spool is made from. */
export interface SpoolParts {
  /** Where reports are kept. */
  readonly folder: SpoolFolder;
  /** The tracker. */
  readonly door: Pick<ClientDoor, 'call' | 'uri'>;
  /** Measures time. */
  readonly clock: Clock;
  /** Told about reports that were refused. */
  readonly logger: Logger;
}

/** How long a report waits for another process that delivers older ones, in milliseconds. */
const patienceMs = 10_000;

/** Reports to one tracker, kept on disk while it is away, and delivered once and in order. */
export class Spool implements SpoolApi {
  readonly #parts: SpoolParts;

  constructor(parts: SpoolParts) {
    this.#parts = parts;
  }

  /** Sends a report after those of its build that wait; with `spool`, keeps it when the tracker is away. */
  async report<K extends ReportOperation>(
    operation: K,
    build: string,
    body: ReportBody,
    options: ReportOptions = {},
  ): Promise<ReportOutcome<OperationAnswer<K>>> {
    const { spool = false, signal } = options;
    const reason = await this.#settle(build, signal);
    if (reason !== undefined) {
      if (!spool) throw reason;
      return this.#keep(operation, build, body, reason);
    }
    try {
      const input = { params: { buildId: build }, body };
      const { body: answer } = await this.#parts.door.call(operation, input as never, { signal });
      return { delivered: true, answer };
    } catch (error) {
      if (!spool || !isAway(error)) throw error;
      return this.#keep(operation, build, body, error);
    }
  }

  async flush(options: CallOptions = {}): Promise<FlushResult> {
    const delivery = await this.#deliver(0, options.signal);
    return { delivered: 0, rejected: 0, ...delivery, waiting: (await this.#parts.folder.waiting()).length };
  }

  async waiting(): Promise<readonly SpooledReport[]> {
    return (await this.#files()).map(describeSpooled);
  }

  async rejected(): Promise<readonly RejectedReport[]> {
    return (await this.#parts.folder.rejected()).map(describeRejected);
  }

  async dismiss(eventId?: string): Promise<number> {
    const { folder } = this.#parts;
    const ids = eventId === undefined ? (await folder.rejected()).map(({ body }) => body.eventId) : [eventId];
    const found = await Promise.all(ids.map((id) => folder.dismiss(id)));
    return found.filter(Boolean).length;
  }

  /** Delivers reports made under a lease; answers how many of them still wait. */
  async deliverUnder(token: number): Promise<number> {
    if ((await this.#parts.folder.waiting()).length === 0) return 0;
    await this.#deliver(patienceMs);
    return (await this.#files()).filter(({ body }) => body.leaseToken === token).length;
  }

  /** Gives a lease up when what waits has been delivered; see `SpooledOperation`. @param eventId a new id */
  async releaseLater(build: string, leaseToken: number, eventId: string): Promise<void> {
    const { folder, clock } = this.#parts;
    const spooledAt = new Date(clock.now()).toISOString();
    const body = { eventId, leaseToken };
    await folder.append({ version: 1, operation: 'releaseLease', build, body, spooledAt });
  }

  /** Delivers what waits, when nobody else does so already. */
  async #deliver(waitMs: number, signal?: AbortSignal): Promise<Delivery | undefined> {
    const { folder, clock } = this.#parts;
    if ((await folder.waiting()).length === 0) return undefined;
    const wait = { waitMs, clock, signal };
    return (await withHolderLock(folder.lock, wait, () => deliverWaiting(this.#parts, signal)))?.result;
  }

  /** Delivers what must arrive before a report of this build; `undefined` when nothing is left of it. */
  async #settle(build: string, signal: AbortSignal | undefined): Promise<BuildStateError | undefined> {
    if ((await this.#before(build)) === 0) return undefined;
    const delivery = await this.#deliver(patienceMs, signal);
    const left = await this.#before(build);
    if (left === 0) return undefined;
    return (
      delivery?.reason ??
      new TimeoutError(
        `${left} older reports of build ${build} still wait on disk; another process is delivering them. Try again soon.`,
      )
    );
  }

  /** Number of waiting reports that may be of this build. */
  async #before(build: string): Promise<number> {
    const key = buildKeyOf(build);
    return (await this.#parts.folder.waiting()).filter(({ buildKey }) => mayBeSameBuild(buildKey, key))
      .length;
  }

  async #files(): Promise<SpooledFile[]> {
    const { folder } = this.#parts;
    const files = await Promise.all((await folder.waiting()).map(({ name }) => folder.read(name)));
    return files.filter((file) => file !== undefined && file !== 'unreadable');
  }

  async #keep(
    operation: ReportOperation,
    build: string,
    body: ReportBody,
    reason: BuildStateError,
  ): Promise<ReportOutcome<never>> {
    const { folder, clock } = this.#parts;
    const spooledAt = new Date(clock.now()).toISOString();
    const dated = datedReport(operation, body, spooledAt);
    try {
      await folder.append({ version: 1, operation, build, body: dated, spooledAt });
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new UnreachableError(
        `${reason.message} The report could not be kept on disk either: ${why.replace(/\.$/, '')}.`,
        { cause },
      );
    }
    return { delivered: false, eventId: body.eventId, waiting: await this.#before(build), reason };
  }
}
