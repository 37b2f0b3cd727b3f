import type { BuildSnapshot } from '../build/snapshot.ts';
import { timestamp } from '../build/timestamp.ts';
import { type Attention, attentionTo } from '../estimate/attention.ts';
import { type Eta, estimateBuild } from '../estimate/eta.ts';
import { findStall, type Stall } from '../estimate/stall.ts';
import { isLive } from '../lease/lease.ts';
import { mapConcurrently } from '../lists/map-concurrently.ts';
import type { Engine } from './engine.ts';
import type { buildView } from './views.ts';

/** How many builds are looked at side by side. */
export const lookedAtTogether = 16;

/** What is to be expected of a build. */
export interface Outlook {
  /** What is left of it. */
  readonly eta: Eta | null;
  /** Its open attempt, if it is stalled. */
  readonly stalled: Stall | null;
  /** Why somebody should look at it. */
  readonly attention: readonly Attention[];
  /** Who holds its lease. */
  readonly holder: string | null;
}

const nothingAhead: Outlook = { eta: null, stalled: null, attention: [], holder: null };

/** Whether nothing is to be expected of a build any more. */
function isOver(status: BuildSnapshot['build']['status']): boolean {
  return status === 'completed' || status === 'cancelled';
}

/**
 * Looks ahead. Of a build that is over nothing is read.
 * @param now when it is looked at, in milliseconds since the epoch
 */
export async function lookAhead(engine: Engine, snapshot: BuildSnapshot, now: number): Promise<Outlook> {
  const { build, lease } = snapshot;
  if (isOver(build.status)) return nothingAhead;
  const samples = await engine.durations.samplesOf(build.projectId);
  const stalled = findStall(snapshot, samples, now);
  return {
    eta: estimateBuild(snapshot, samples, now),
    stalled,
    attention: attentionTo(snapshot, stalled),
    holder: isLive(lease, timestamp(now)) ? lease.holder : null,
  };
}

/** An outlook as lists show it: without the single states of the estimate. */
function summaryOf({ eta, ...others }: Outlook) {
  if (eta === null) return { ...others, eta };
  const { states: _, ...summary } = eta;
  return { ...others, eta: summary };
}

/** Listed builds with what is to be expected of each. One that is gone meanwhile is as one that is over. */
export function withOutlooks(engine: Engine, builds: readonly ReturnType<typeof buildView>[]) {
  return mapConcurrently(builds, lookedAtTogether, async (build) => {
    const loaded = isOver(build.status) ? undefined : await engine.parts.store.loadBuild(build.id);
    const outlook =
      loaded === undefined ? nothingAhead : await lookAhead(engine, loaded.snapshot, loaded.now);
    return { ...build, ...summaryOf(outlook) };
  });
}
