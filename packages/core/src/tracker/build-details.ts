import type { Attempt } from '../build/attempt.ts';
import type { BuildSnapshot } from '../build/snapshot.ts';
import { timestamp } from '../build/timestamp.ts';
import { attentionTo } from '../estimate/attention.ts';
import type { Engine } from './engine.ts';
import type { Outlook } from './outlook.ts';
import { byId, loadAwaited } from './surroundings.ts';
import { buildDetails } from './views.ts';

/**
 * A build with what is going on in it; one more read when it is failed, and one when it waits for branches.
 * @param now when it is looked at, in milliseconds since the epoch
 * @param outlook what is to be expected of it. @default nothing: whoever changes a build does not wait for that
 */
export async function detailsOf(
  engine: Engine,
  snapshot: BuildSnapshot,
  now: number,
  outlook?: Omit<Outlook, 'holder'>,
) {
  const [failure, awaited] = await Promise.all([
    lastFailure(engine, snapshot),
    loadAwaited(engine.parts.store, [snapshot.build]),
  ]);
  return {
    ...buildDetails(snapshot, timestamp(now), {
      lastFailure: failure,
      artifactBase: engine.parts.artifactBase ?? null,
      awaited: byId(awaited),
    }),
    eta: outlook?.eta ?? null,
    stalled: outlook?.stalled ?? null,
    attention: outlook?.attention ?? attentionTo(snapshot, null),
  };
}

/** The failed attempt that a failed build is failed for. */
export async function lastFailure(engine: Engine, { build, states }: BuildSnapshot): Promise<Attempt | null> {
  if (build.failedState === null) return null;
  const id = states[build.failedState]?.lastAttemptId;
  const attempt = id === undefined ? undefined : await engine.parts.store.loadAttempt(build.id, id);
  return attempt?.status === 'failed' ? attempt : null;
}
