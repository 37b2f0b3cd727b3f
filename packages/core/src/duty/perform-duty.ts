import type { Clock } from '../ports/clock.ts';
import type { Duty } from '../ports/duties.ts';
import type { Logger } from '../ports/logger.ts';
import type { StateStore } from '../ports/state-store.ts';
import { delaySeconds } from '../retry/back-off.ts';
import type { DutyWork } from './duty-work.ts';
import { keepDuty } from './keep-duty.ts';

/** What duties are performed with. */
export interface DutyParts {
  /** Says whose turn it is. */
  readonly store: Pick<StateStore, 'takeDuty' | 'renewDuty' | 'endDuty' | 'releaseDuty'>;
  /** Times renewals. */
  readonly clock: Clock;
  /** Hears of what was done and of failures. */
  readonly logger: Logger;
  /** Numbers from 0 (inclusive) to 1 (exclusive), so that many instances do not come at once. */
  readonly random: () => number;
}

/** How a duty is performed. */
export interface DutyTurn {
  /** Names this process; never twice the same. */
  readonly holder: string;
  /** Ends it early: the process wants to end. */
  readonly signal: AbortSignal;
  /** Whether it is done although it is not due. @default false */
  readonly early?: boolean | undefined;
  /** Seconds after which others take over from a process that died. @default 60 */
  readonly ttlSeconds?: number | undefined;
}

/**
 * What became of a turn. `waiting`: somebody else is at it, or it is not due. `stopped`: the process wants to end.
 * `lost`: somebody else has taken over, because this process was silent for too long.
 */
export type DutyResult =
  | { readonly outcome: 'waiting' | 'stopped' | 'lost' }
  | { readonly outcome: 'done'; readonly detail: string | null; readonly seconds: number }
  | {
      readonly outcome: 'failed';
      readonly error: unknown;
      readonly seconds: number;
      readonly retryInSeconds: number;
    };

const defaultTtlSeconds = 60;

/** Delays after failures: half a minute, doubling to an hour. */
const afterFailure = {
  initialDelaySeconds: 30,
  maxDelaySeconds: 3600,
  multiplier: 2,
  jitter: 'none',
} as const;

/** A delay that differs by up to a tenth from one process to the next. */
function spread(seconds: number, random: number): number {
  return seconds * (0.9 + 0.2 * random);
}

/** A failed duty is tried again soon, then less and less often, but never later than if it had been done. */
function secondsUntilRetry({ everySeconds }: DutyWork, failures: number, random: number): number {
  return spread(Math.min(everySeconds, delaySeconds(afterFailure, failures, random)), random);
}

/** What went wrong, with what caused it. */
function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message} Cause: ${sentenceOf(error.cause)}`;
}

/** Does the work and tells how that ended, whatever it throws. */
async function attempt(work: DutyWork, signal: AbortSignal) {
  try {
    const detail = signal.aborted ? undefined : await work.run(signal);
    return { failed: false, detail: detail ?? null } as const;
  } catch (error) {
    return { failed: true, error } as const;
  }
}

/**
 * Takes a duty if it is due and free, does it, keeps it meanwhile, and notes how it ended.
 * @throws what the store throws when the duty is taken or its end noted; it is done again then
 */
export async function performDuty(work: DutyWork, parts: DutyParts, turn: DutyTurn): Promise<DutyResult> {
  const { store, clock } = parts;
  const { holder, early, ttlSeconds = defaultTtlSeconds } = turn;
  const duty = await store.takeDuty({ name: work.name, holder, ttlSeconds, early });
  if (duty === undefined) return { outcome: 'waiting' };
  const startedAt = clock.monotonic();
  const lost = new AbortController();
  const over = new AbortController();
  const keeping = keepDuty(parts, duty, over.signal).then((ours) => {
    if (!ours) lost.abort();
  });
  const result = await attempt(work, AbortSignal.any([turn.signal, lost.signal]));
  over.abort();
  await keeping;
  if (turn.signal.aborted && !lost.signal.aborted) await store.releaseDuty(work.name, duty.token);
  if (turn.signal.aborted) return { outcome: 'stopped' };
  const seconds = (clock.monotonic() - startedAt) / 1000;
  if (lost.signal.aborted) return lostBy(work, parts, seconds);
  return result.failed
    ? endFailed(work, parts, duty, { error: result.error, seconds })
    : endDone(work, parts, duty, { detail: result.detail, seconds });
}

function lostBy({ name }: DutyWork, { logger }: DutyParts, seconds: number): DutyResult {
  logger.warn(
    { duty: name, seconds },
    'a duty was lost: it was not renewed in time, and another instance goes on',
  );
  return { outcome: 'lost' };
}

interface Done {
  readonly detail: string | null;
  readonly seconds: number;
}

async function endDone(work: DutyWork, parts: DutyParts, { token }: Duty, done: Done): Promise<DutyResult> {
  const { store, logger, random } = parts;
  const dueInSeconds = spread(work.everySeconds, random());
  const end = { outcome: 'done', detail: done.detail, failures: 0, dueInSeconds } as const;
  if (!(await store.endDuty(work.name, token, end))) return lostBy(work, parts, done.seconds);
  logger.info({ duty: work.name, ...done }, 'a duty was done');
  return { outcome: 'done', ...done };
}

interface Failed {
  readonly error: unknown;
  readonly seconds: number;
}

async function endFailed(
  work: DutyWork,
  parts: DutyParts,
  duty: Duty,
  { error, seconds }: Failed,
): Promise<DutyResult> {
  const failures = duty.failures + 1;
  const retryInSeconds = secondsUntilRetry(work, failures, parts.random());
  const fields = { duty: work.name, err: error, failures, seconds, retryInSeconds };
  parts.logger.error(fields, 'a duty failed, and is tried again');
  const end = {
    outcome: 'failed',
    detail: sentenceOf(error),
    failures,
    dueInSeconds: retryInSeconds,
  } as const;
  const ours = await parts.store.endDuty(work.name, duty.token, end);
  return ours ? { outcome: 'failed', error, seconds, retryInSeconds } : lostBy(work, parts, seconds);
}
