import type { Build } from '../build/build.ts';
import { BuildDraft } from '../build/draft.ts';
import { findStall, mayStallAt } from '../estimate/stall.ts';
import { mapConcurrently } from '../lists/map-concurrently.ts';
import type { Clock } from '../ports/clock.ts';
import type { Crypto } from '../ports/crypto.ts';
import type { Ids } from '../ports/ids.ts';
import type { StateStore } from '../ports/state-store.ts';
import { uuidOf } from '../text/uuid.ts';
import { DurationHistory } from '../tracker/duration-history.ts';
import type { DutyWork } from './duty-work.ts';
import { StallSchedule } from './stall-schedule.ts';

/** What noting stalls needs. */
export interface StallParts {
  /** The store whose builds are looked at. */
  readonly store: Pick<StateStore, 'listBuilds' | 'loadBuild' | 'commitBuild' | 'recentAttempts'>;
  /** Tells how old samples are. */
  readonly clock: Pick<Clock, 'monotonic'>;
  /** Makes ids. */
  readonly ids: Ids;
  /** Chains events. */
  readonly crypto: Pick<Crypto, 'sha256Hex'>;
}

/** Who notes stalls. */
const actorId = 'system:stalls';

/** Builds of one page, and how many are looked at side by side. */
const pageSize = 200;
const lookedAtTogether = 4;

/** Longest that a build is not looked at, in milliseconds: what is usual for a state may change meanwhile. */
const longestUnseen = 600_000;

/** The id under which the stall of an attempt counts once, for ever: a UUID made from the attempt's own. */
function stallId({ crypto }: StallParts, attemptId: string): string {
  return uuidOf(crypto.sha256Hex(`state.stalled ${attemptId}`));
}

/** What noting is done with besides. */
interface Noting {
  readonly durations: DurationHistory;
  readonly schedule: StallSchedule;
}

/** Notes the stall of a build's open attempt, if there is one that was not noted yet; answers whether it did. */
async function noteStall(
  parts: StallParts,
  { durations, schedule }: Noting,
  buildId: string,
): Promise<boolean> {
  const { store, ids, crypto, clock } = parts;
  const lookAgain = (build: Build, inMs = longestUnseen) =>
    schedule.looked(build, clock.monotonic() + Math.min(inMs, longestUnseen));
  const head = (await store.loadBuild(buildId))?.snapshot;
  if (head === undefined) return false;
  const { build, openAttempt: open } = head;
  if (open === null) {
    lookAgain(build);
    return false;
  }
  const eventId = stallId(parts, open.id);
  const loaded = await store.loadBuild(buildId, { eventId });
  if (loaded === undefined) return false;
  const { snapshot, now, answered } = loaded;
  if (answered !== undefined) {
    lookAgain(build);
    return false;
  }
  const samples = await durations.samplesOf(build.projectId);
  const stall = findStall(snapshot, samples, now);
  if (stall?.attemptId !== open.id) {
    lookAgain(build, (mayStallAt(snapshot, samples) ?? Number.POSITIVE_INFINITY) - now);
    return false;
  }
  const { state, reason, since, elapsedSeconds, limitSeconds } = stall;
  const draft = new BuildDraft(snapshot, { now, ids, actorId, random: () => 0 }, loaded);
  draft.event('state.stalled', {
    state,
    attempt_id: open.id,
    reason,
    since,
    elapsed_seconds: elapsedSeconds,
    limit_seconds: limitSeconds,
  });
  const report = { eventId, answer: { operation: 'state.stalled', answer: {} } };
  // A build that changed meanwhile is looked at again by the next turn.
  return (await store.commitBuild({ ...draft.seal(crypto), report })) === 'applied';
}

/**
 * Looks at the running builds that have changed, or whose time has come, since they were looked at last, and records
 * `state.stalled` once for every attempt that takes far too long or whose holder has gone silent, so that watchers and
 * webhooks hear of it. A turn reads the list of running builds; of those that are begun under a lease, the ones whose
 * lease would have ended without a renewal since; of the others, those about which something happened.
 * @param schedule what earlier turns have seen. @default nothing: all running builds are looked at
 * @returns how many were noted
 */
export async function noteStalls(
  parts: StallParts,
  signal: AbortSignal,
  schedule = new StallSchedule(),
): Promise<number> {
  const noting = { durations: new DurationHistory(parts), schedule };
  let noted = 0;
  let cursor: string | undefined;
  do {
    const page = await parts.store.listBuilds({ limit: pageSize, cursor, status: 'running' });
    const due = page.items.filter((build) => schedule.isDue(build, parts.clock.monotonic()));
    const results = await mapConcurrently(due, lookedAtTogether, async ({ id }) =>
      signal.aborted ? false : noteStall(parts, noting, id),
    );
    noted += results.filter(Boolean).length;
    cursor = page.next;
  } while (cursor !== undefined && !signal.aborted);
  schedule.turn();
  return noted;
}

/** The duty of noting stalls. */
export function stallDuty(parts: StallParts): DutyWork {
  const schedule = new StallSchedule();
  return {
    name: 'note-stalls',
    purpose: 'Records an event for every attempt that takes far too long or whose holder has gone silent.',
    everySeconds: 120,
    async run(signal) {
      const noted = await noteStalls(parts, signal, schedule);
      return noted === 0 ? undefined : `${noted} stalled ${noted === 1 ? 'attempt' : 'attempts'} noted`;
    },
  };
}
