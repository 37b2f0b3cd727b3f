import type { Artifact } from '../artifact/artifact.ts';
import type { Build } from '../build/build.ts';
import type { Timestamp } from '../build/timestamp.ts';
import { compareText } from '../lists/compare.ts';
import { offeredArtifacts } from '../resume/offered-artifacts.ts';
import type { Variable } from '../variable/variable.ts';

/** What a branch has from the builds above it. */
export interface Inherited {
  /** Resumable artifacts up to the fork, by state; of each name what the nearest build above has. */
  readonly artifacts: readonly Artifact[];
  /** Live variables, by key, of each key that of the nearest build above. */
  readonly variables: readonly Variable[];
}

/** A build above a branch, with what can be inherited from it. */
export interface Ancestor {
  /** The build. */
  readonly build: Build;
  /** All of its artifacts, superseded ones included. */
  readonly artifacts: readonly Artifact[];
  /** Its live variables. */
  readonly variables: readonly Variable[];
}

/** What builds that are no branches inherit. */
export const inheritsNothing: Inherited = { artifacts: [], variables: [] };

/** Own variables over inherited ones, by key. */
export function withInherited(own: readonly Variable[], inherited: readonly Variable[]): readonly Variable[] {
  if (inherited.length === 0) return own;
  const keys = new Set(own.map(({ variableKey }) => variableKey));
  return [...own, ...inherited.filter(({ variableKey }) => !keys.has(variableKey))].sort((a, b) =>
    compareText(a.variableKey, b.variableKey),
  );
}

/** What is inherited from one build at a fork, beside what that build inherits itself. */
function from(
  { build, artifacts, variables }: Ancestor,
  fork: number,
  above: Inherited,
  now: Timestamp,
): Inherited {
  const done = { build: { lastSuccessfulState: Math.min(build.lastSuccessfulState, fork) } };
  const upToFork = variables.filter(({ setAtState }) => setAtState === null || setAtState <= fork);
  return {
    artifacts: offeredArtifacts(artifacts, done, fork + 1, now, above.artifacts),
    variables: withInherited(upToFork, above.variables),
  };
}

/**
 * What a branch inherits. It is read through: of each build above, what it has now of its states up to the fork. What
 * the parent makes beyond the fork is its own; what a rollback to before the fork undoes is not inherited any more.
 * @param ancestors the builds above, nearest first
 */
export function inheritedBy(branch: Build, ancestors: readonly Ancestor[], now: Timestamp): Inherited {
  const below = [branch, ...ancestors.map(({ build }) => build)];
  return ancestors.reduceRight<Inherited>(
    (above, ancestor, index) => from(ancestor, below[index]?.branchedFromState ?? 0, above, now),
    inheritsNothing,
  );
}
