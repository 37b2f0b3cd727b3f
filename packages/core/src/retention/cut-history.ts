import type { JsonObject } from '../build/build.ts';
import { hasEnded } from '../build/closed.ts';
import { BuildDraft } from '../build/draft.ts';
import type { BuildEvent } from '../event/event.ts';
import type { Clock } from '../ports/clock.ts';
import type { Crypto } from '../ports/crypto.ts';
import type { Ids } from '../ports/ids.ts';
import type { StateStore } from '../ports/state-store.ts';
import type { WholeBuild } from '../ports/whole-builds.ts';
import { toWire } from '../wire/casing.ts';
import { signCut } from './checkpoint.ts';
import type { Keeps } from './due-cuts.ts';
import { weeklySnapshots } from './weekly-snapshots.ts';

/** What histories are cut with. */
export interface CutParts {
  /** Where builds are. */
  readonly store: Pick<StateStore, 'loadBuild' | 'loadWholeBuild' | 'commitBuild' | 'trimHistory'>;
  /** Pauses between steps. */
  readonly clock: Clock;
  /** Makes ids. */
  readonly ids: Ids;
  /** Hashes events, and signs the checkpoint. */
  readonly crypto: Crypto;
}

/** Who is named in the events of it: nobody in person. */
export const retentionActor = 'retention';
/** Rows of one kind that go in one write, so that it is short. */
export const rowsAtOnce = 500;
/** How often a build is looked at again because somebody changed it meanwhile. */
const mostTries = 5;

/** How many of each go. */
export function goingRows({
  attempts,
  variables,
  variableHistory,
  resumeRequests,
  jobs,
  events,
}: WholeBuild) {
  return {
    attempts: attempts.length,
    variables: variables.length + variableHistory.length,
    resumeRequests: resumeRequests.length,
    jobs: jobs.length,
    events: events.length,
  };
}

/** The last event that says that so much is kept, if there is one: then all of it was decided, and the rest is to go. */
function announced({ events }: WholeBuild, keeps: Keeps): BuildEvent | undefined {
  return events.findLast(({ type, data }) => type === 'build.trimmed' && data.keeps === keeps);
}

function announcement(whole: WholeBuild, keeps: Keeps, { keys }: Crypto): JsonObject {
  const { build, chain } = whole.head;
  return {
    keeps,
    checkpoint: toWire(signCut(build.id, chain, keys)),
    removed: toWire(goingRows(whole)),
    ...(keeps === 'snapshots' && {
      snapshots: weeklySnapshots(whole.events).map((snapshot) => toWire(snapshot)),
    }),
  } as JsonObject;
}

/**
 * The `seq` up to which events go, once the chain says so and has what stands for them; `undefined` when the build is
 * not what it was thought to be.
 */
async function announce(parts: CutParts, buildId: string, keeps: Keeps): Promise<number | undefined> {
  const { store, clock, ids, crypto } = parts;
  for (let tries = 0; tries < mostTries; tries++) {
    const loaded = await store.loadBuild(buildId);
    const whole = loaded && (await store.loadWholeBuild(buildId));
    if (loaded === undefined || whole === undefined || !hasEnded(whole.head.build)) return undefined;
    const before = announced(whole, keeps);
    if (before !== undefined) return before.seq - 1;
    if (whole.head.build.version !== loaded.snapshot.build.version) continue;
    const context = { now: clock.now(), ids, actorId: retentionActor, random: () => 0 };
    const draft = new BuildDraft({ ...loaded.snapshot, ...whole.head }, context);
    draft.event('build.trimmed', announcement(whole, keeps, crypto));
    if ((await store.commitBuild(draft.seal(crypto))) === 'applied') return whole.head.chain.seq;
  }
  return undefined;
}

/**
 * Cuts the history of a build that has ended. First its chain says so: an event with a signed checkpoint and, for
 * `snapshots`, with what stands for what goes. Then the rows go, few at a time. When this stops anywhere in between, the
 * next call goes on there.
 * @param signal ends it between two steps
 * @returns whether it was done to the end
 * @throws KeyRingError when there is no key to sign with
 */
export async function cutHistory(
  parts: CutParts,
  buildId: string,
  keeps: Keeps,
  signal: AbortSignal,
): Promise<boolean> {
  const upToSeq = await announce(parts, buildId, keeps);
  if (upToSeq === undefined) return false;
  while (!signal.aborted) {
    if (await parts.store.trimHistory(buildId, { upToSeq, history: keeps, limit: rowsAtOnce })) return true;
  }
  return false;
}
