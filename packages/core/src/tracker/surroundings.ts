import { maxBranchDepth } from '../branch/branch.ts';
import { type Ancestor, type Inherited, inheritedBy, inheritsNothing } from '../branch/inheritance.ts';
import { awaitedBranches, type WaitingBuild } from '../branch/waiting.ts';
import type { Build } from '../build/build.ts';
import { timestamp } from '../build/timestamp.ts';
import type { LoadedBuild, LoadNeeds, StateStore } from '../ports/state-store.ts';

/** What a decision needs besides the head: of the build itself, and of the builds around it in its tree. */
export interface DecisionNeeds extends LoadNeeds {
  /** The builds of the branches that it waits for. */
  readonly branches?: boolean | undefined;
  /** What it inherits as a branch: variables only, or artifacts as well. */
  readonly inherits?: 'variables' | 'all' | undefined;
}

/** A loaded build with what is around it, as far as it was asked for. */
export interface SurroundedBuild extends LoadedBuild {
  /** The builds of the branches that it waits for, deleted ones included. @default none */
  readonly branches?: readonly Build[] | undefined;
  /** What it inherits. @default nothing */
  readonly inherited?: Inherited | undefined;
}

/** What is asked of the build itself. */
export function ownNeeds(needs: DecisionNeeds): LoadNeeds | undefined {
  const { branches: _, inherits: __, ...own } = needs;
  return Object.keys(own).length > 0 ? own : undefined;
}

/** The builds of the branches that some builds wait for, in one read; nothing is read when nobody waits. */
export async function loadAwaited(
  store: StateStore,
  builds: readonly WaitingBuild[],
): Promise<readonly Build[]> {
  const ids = builds.flatMap((build) => awaitedBranches(build).map(({ buildId }) => buildId));
  return ids.length === 0 ? [] : store.loadBuilds(ids);
}

/** Builds by their ids. */
export function byId(builds: readonly Build[]): ReadonlyMap<string, Build> {
  return new Map(builds.map((build) => [build.id, build]));
}

/** The builds above a build, nearest first. */
export async function loadAncestors(
  store: StateStore,
  build: Build,
  needs: LoadNeeds = {},
): Promise<readonly Ancestor[]> {
  const found: Ancestor[] = [];
  for (let id = build.parentBuildId; id !== null && found.length <= maxBranchDepth; ) {
    const parent = await store.loadBuild(id, needs);
    if (parent === undefined) break;
    const { artifacts, variables } = parent;
    found.push({ build: parent.snapshot.build, artifacts, variables });
    id = parent.snapshot.build.parentBuildId;
  }
  return found;
}

/**
 * What a build inherits from those above it.
 * @param now when it is looked at, in milliseconds since the epoch
 */
export async function loadInherited(
  store: StateStore,
  build: Build,
  now: number,
  what: 'variables' | 'all' = 'all',
): Promise<Inherited> {
  if (build.parentBuildId === null) return inheritsNothing;
  const needs: LoadNeeds = { variables: true, ...(what === 'all' && { artifacts: 'all' }) };
  return inheritedBy(build, await loadAncestors(store, build, needs), timestamp(now));
}

/** Adds what a decision needs of the builds around one that was loaded. */
export async function surround(
  store: StateStore,
  loaded: LoadedBuild,
  { branches, inherits }: DecisionNeeds = {},
): Promise<SurroundedBuild> {
  if (branches !== true && inherits === undefined) return loaded;
  const { snapshot, now } = loaded;
  const [awaited, inherited] = await Promise.all([
    branches === true ? loadAwaited(store, [snapshot.build]) : undefined,
    inherits === undefined ? undefined : loadInherited(store, snapshot.build, now, inherits),
  ]);
  return { ...loaded, branches: awaited, inherited };
}
