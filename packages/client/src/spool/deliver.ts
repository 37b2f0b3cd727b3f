import { hash } from 'node:crypto';
import type { Clock, Logger } from '@buildstate/core';
import { BuildStateError, type ErrorKind, uuidOf } from '@buildstate/core/light';
import type { ClientDoor } from '../client-door.ts';
import { mayBeSameBuild, type SpoolFolder } from './spool-folder.ts';
import type { SpooledFile } from './spooled-file.ts';

/** What delivering needs. */
export interface DeliverParts {
  /** What waits. */
  readonly folder: SpoolFolder;
  /** The tracker. */
  readonly door: Pick<ClientDoor, 'call'>;
  /** Measures time. */
  readonly clock: Clock;
  /** Told about reports that were refused. */
  readonly logger: Logger;
}

/** What became of one pass. */
export interface Delivery {
  /** Reports that arrived. */
  delivered: number;
  /** Reports that were refused. */
  rejected: number;
  /** Why the rest still waits. */
  reason?: BuildStateError;
}

/** Longest time that one pass holds the lock, in milliseconds. */
const longestPassMs = 120_000;

/** The tracker is away, so nothing else would arrive either. */
const away: readonly ErrorKind[] = ['unavailable', 'timeout'];
/** Not the report's fault: another key or a mended server may deliver it. What follows it must wait for it. */
const stuck: readonly ErrorKind[] = ['unauthenticated', 'forbidden', 'failed', 'no_space'];

/** Whether an error says that the tracker is away, so that a report is worth keeping. */
export function isAway(error: unknown): error is BuildStateError {
  return error instanceof BuildStateError && away.includes(error.kind);
}

async function send(
  door: Pick<ClientDoor, 'call'>,
  file: SpooledFile,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { operation, body } = file;
  const params = { buildId: file.build };
  const input =
    operation === 'releaseLease' ? { params, query: { token: String(body.leaseToken) } } : { params, body };
  await door.call(operation, input as never, { signal, tries: 1 });
}

/** The id of what is said of a report: a UUID made from the report's own, so that it is said once. */
function idAbout(eventId: string): string {
  return uuidOf(hash('sha256', `report.rejected ${eventId}`));
}

/**
 * Tells the build that a report of it was refused, so that somebody looks at it. Where even that is refused, such as by
 * a build that is gone, what is kept on this disk has to do.
 */
async function tellRejection(
  { door, logger }: DeliverParts,
  file: SpooledFile,
  error: BuildStateError,
): Promise<void> {
  const { eventId, state, status, startTime, endTime } = file.body;
  const body = {
    eventId: idAbout(eventId),
    reportEventId: eventId,
    state: typeof state === 'number' ? state : null,
    status: typeof status === 'string' ? status : null,
    code: error.code,
    reason: error.message.slice(0, 8000),
    reportedAt: typeof endTime === 'string' ? endTime : typeof startTime === 'string' ? startTime : null,
  };
  try {
    await door.call('rejectReport', { params: { buildId: file.build }, body }, { tries: 1 });
  } catch (fault) {
    if (!(fault instanceof BuildStateError)) throw fault;
    logger.warn({ build: file.build, code: fault.code }, `A refusal could not be noted: ${fault.message}`);
  }
}

async function reject(parts: DeliverParts, file: SpooledFile, error: BuildStateError): Promise<void> {
  const { folder, logger, clock } = parts;
  const rejectedAt = new Date(clock.now()).toISOString();
  await folder.reject({ ...file, code: error.code, reason: error.message, rejectedAt });
  await tellRejection(parts, file, error);
  const facts = { build: file.build, event_id: file.body.eventId, code: error.code };
  logger.warn(facts, `A report that was delivered late was refused: ${error.message}`);
}

/** `undefined` when the file is done with, else why it still waits. */
async function deliverOne(
  parts: DeliverParts,
  name: string,
  signal: AbortSignal | undefined,
  delivery: Delivery,
): Promise<BuildStateError | undefined> {
  const file = await parts.folder.read(name);
  if (file === undefined) return undefined;
  if (file === 'unreadable') {
    await parts.folder.setAside(name);
    parts.logger.error(
      { file: name },
      'A file in the spool is not a report that can be read; it was set aside.',
    );
    return undefined;
  }
  try {
    await send(parts.door, file, signal);
    if (file.operation !== 'releaseLease') delivery.delivered += 1;
  } catch (error) {
    if (!(error instanceof BuildStateError)) throw error;
    if (away.includes(error.kind) || stuck.includes(error.kind)) return error;
    // A lease that is gone already needs no giving up.
    if (file.operation !== 'releaseLease') {
      await reject(parts, file, error);
      delivery.rejected += 1;
    }
  }
  await parts.folder.remove(name);
  return undefined;
}

/**
 * Delivers what waits, the oldest first, until the tracker is away. A report that the tracker refuses is set
 * aside and holds up no other; one that cannot be delivered now holds up those of its own build alone. The caller
 * holds the lock.
 */
export async function deliverWaiting(parts: DeliverParts, signal?: AbortSignal): Promise<Delivery> {
  const delivery: Delivery = { delivered: 0, rejected: 0 };
  const held: string[] = [];
  const deadline = parts.clock.monotonic() + longestPassMs;
  for (const { name, buildKey } of await parts.folder.waiting()) {
    if (parts.clock.monotonic() >= deadline) break;
    if (held.some((key) => mayBeSameBuild(key, buildKey))) continue;
    const reason = await deliverOne(parts, name, signal, delivery);
    if (reason === undefined) continue;
    delivery.reason = reason;
    if (isAway(reason)) break;
    held.push(buildKey);
  }
  return delivery;
}
