import { BuildDraft } from '../build/draft.ts';
import { findStall } from '../estimate/stall.ts';
import { mapConcurrently } from '../lists/map-concurrently.ts';
import type { Clock } from '../ports/clock.ts';
import type { Crypto } from '../ports/crypto.ts';
import type { Ids } from '../ports/ids.ts';
import type { StateStore } from '../ports/state-store.ts';
import { uuidOf } from '../text/uuid.ts';
import { DurationHistory } from '../tracker/duration-history.ts';
import type { DutyWork } from './duty-work.ts';

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

/** The id under which the stall of an attempt counts once, for ever: a UUID made from the attempt's own. */
function stallId({ crypto }: StallParts, attemptId: string): string {
  return uuidOf(crypto.sha256Hex(`state.stalled ${attemptId}`));
}

/** Notes the stall of a build's open attempt, if there is one that was not noted yet; answers whether it did. */
async function noteStall(parts: StallParts, durations: DurationHistory, buildId: string): Promise<boolean> {
  const { store, ids, crypto } = parts;
  const open = (await store.loadBuild(buildId))?.snapshot.openAttempt;
  if (open == null) return false;
  const eventId = stallId(parts, open.id);
  const loaded = await store.loadBuild(buildId, { eventId });
  if (loaded === undefined || loaded.answered !== undefined) return false;
  const { snapshot, now } = loaded;
  const stall = findStall(snapshot, await durations.samplesOf(snapshot.build.projectId), now);
  if (stall?.attemptId !== open.id) return false;
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
 * Looks at all running builds and records `state.stalled` once for every attempt that takes far too long or whose
 * holder has gone silent, so that watchers and webhooks hear of it.
 * @returns how many were noted
 */
export async function noteStalls(parts: StallParts, signal: AbortSignal): Promise<number> {
  const durations = new DurationHistory(parts);
  let noted = 0;
  let cursor: string | undefined;
  do {
    const page = await parts.store.listBuilds({ limit: pageSize, cursor, status: 'running' });
    const results = await mapConcurrently(page.items, lookedAtTogether, async ({ id }) =>
      signal.aborted ? false : noteStall(parts, durations, id),
    );
    noted += results.filter(Boolean).length;
    cursor = page.next;
  } while (cursor !== undefined && !signal.aborted);
  return noted;
}

/** The duty of noting stalls. */
export function stallDuty(parts: StallParts): DutyWork {
  return {
    name: 'note-stalls',
    purpose: 'Records an event for every attempt that takes far too long or whose holder has gone silent.',
    everySeconds: 120,
    async run(signal) {
      const noted = await noteStalls(parts, signal);
      return noted === 0 ? undefined : `${noted} stalled ${noted === 1 ? 'attempt' : 'attempts'} noted`;
    },
  };
}
