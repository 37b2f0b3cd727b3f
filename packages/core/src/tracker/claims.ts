import { awaitedBranches } from '../branch/waiting.ts';
import { stateName } from '../build/catalogue.ts';
import type { BuildSnapshot } from '../build/snapshot.ts';
import { NotFoundError } from '../errors/not-found-error.ts';
import { type ClaimDecision, type ClaimWish, decideClaim } from '../lease/decide-claim.ts';
import { defaultLeaseSeconds } from '../lease/lease.ts';
import { nextStatesAnywhere, nextStatesIn } from '../lease/next-states.ts';
import type { WaitingQuery } from '../ports/waiting-builds.ts';
import type { CheckedInput } from '../wire/contract.ts';
import { detailsOf } from './build-details.ts';
import { ClaimDesk } from './claim-desk.ts';
import type { Taking } from './claim-queue.ts';
import type { Engine } from './engine.ts';
import type { Handlers } from './handler.ts';
import { loadProject } from './projects.ts';
import { platformIdOf } from './scope-of-search.ts';
import type { DecisionNeeds } from './surroundings.ts';
import type { CallContext } from './tracker.ts';
import { leaseView } from './views.ts';

type Body = CheckedInput<'claimBuild'>['body'];
type Taken = Extract<ClaimDecision, { readonly outcome: 'taken' }>;

/** What the caller's builds are found by. */
async function questionOf(
  engine: Engine,
  { project: ref, platform, states }: Body,
  context: CallContext,
): Promise<Omit<WaitingQuery, 'limit'>> {
  const named = ref ?? context.actor.projectId ?? undefined;
  const project = named === undefined ? undefined : await loadProject(engine, named, context);
  const wanted = states === undefined ? undefined : new Set(states);
  const next =
    project === undefined ? nextStatesAnywhere : (codes: ReadonlySet<number>) => nextStatesIn(project, codes);
  return {
    projectId: project?.id,
    platformId: await platformIdOf(engine, platform),
    next: wanted && next(wanted),
  };
}

async function answerOf(engine: Engine, { snapshot, decision, now }: TakenBuild) {
  const { build, project } = snapshot;
  return {
    build: await detailsOf(engine, snapshot, now),
    lease: leaseView(build.id, decision.lease),
    nextState: decision.nextState,
    nextStateName: stateName(project.stateCodes, decision.nextState),
    reason: decision.reason,
  };
}

type Snapshot = Awaited<ReturnType<Engine['change']>>['snapshot'];

/** A build that was taken. */
interface TakenBuild {
  readonly snapshot: Snapshot;
  readonly decision: Taken;
  /** When, by the store's clock, in milliseconds since the epoch. */
  readonly now: number;
}

/** The builds of the branches that a build waits for, if it does. */
function withAwaited({ build }: BuildSnapshot): DecisionNeeds | undefined {
  return awaitedBranches(build).length === 0 ? undefined : { branches: true };
}

/** Tries to take a build: the one guarded change that a lease is, whoever proposed the build. */
async function take(
  engine: Engine,
  id: string,
  wish: ClaimWish,
  context: CallContext,
): Promise<Taking<TakenBuild>> {
  try {
    let now = 0;
    const { value: decision, snapshot } = await engine.change(
      id,
      context,
      { needs: withAwaited },
      (draft) => {
        now = draft.context.now;
        return decideClaim(draft, wish);
      },
    );
    return decision.outcome === 'taken' ? { taken: { snapshot, decision, now } } : decision.outcome;
  } catch (error) {
    // Deleted since it was found.
    if (error instanceof NotFoundError) return 'taken_already';
    throw error;
  }
}

/** The operation by which workers find something to do. */
export function claimHandlers(engine: Engine): Handlers<'claimBuild'> {
  const desk = new ClaimDesk(engine);

  /** What a neighbour of the caller's has left that is gone, if it is still there. */
  async function takeOver(
    body: Body,
    wish: ClaimWish,
    query: Omit<WaitingQuery, 'limit'>,
    context: CallContext,
  ) {
    for (const { buildId, token } of body.holdersGone ?? []) {
      const loaded = await engine.parts.store.loadBuild(buildId);
      if (loaded === undefined) continue;
      const { build } = loaded.snapshot;
      if (query.projectId !== undefined && build.projectId !== query.projectId) continue;
      if (query.platformId !== undefined && build.platformId !== query.platformId) continue;
      const taking = await take(engine, build.id, { ...wish, holderGone: token }, context);
      if (typeof taking === 'object') return taking.taken;
    }
    return undefined;
  }

  return {
    async claimBuild({ body }, context) {
      const query = await questionOf(engine, body, context);
      const wish: ClaimWish = {
        holder: body.holder,
        identity: body.identity ?? null,
        ttlSeconds: body.ttlSeconds ?? defaultLeaseSeconds,
        holderGone: null,
        states: body.states && new Set(body.states),
        joining: body.joining && new Set(body.joining),
      };
      const taken =
        (await takeOver(body, wish, query, context)) ??
        (await desk.claim(query, (id) => take(engine, id, wish, context), {
          waitMs: (body.waitSeconds ?? 0) * 1000,
          signal: context.signal,
        }));
      return { body: taken && (await answerOf(engine, taken)) };
    },
  };
}
