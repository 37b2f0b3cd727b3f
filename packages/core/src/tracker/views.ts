import type { ApiToken } from '../access/api-token.ts';
import { blockersOf } from '../branch/waiting.ts';
import type { Attempt } from '../build/attempt.ts';
import type { Build } from '../build/build.ts';
import { stateDisplayName, stateName } from '../build/catalogue.ts';
import type { BuildSnapshot } from '../build/snapshot.ts';
import type { StateCode } from '../build/state-code.ts';
import type { Timestamp } from '../build/timestamp.ts';
import { seenAt } from '../lease/expiry.ts';
import { isLive, type Lease } from '../lease/lease.ts';
import type { Project } from '../project/project.ts';
import type { Variable } from '../variable/variable.ts';

/** `State 45 - Storage configuration (45% complete)`. */
export function progressLine(build: Build, stateCodes: readonly StateCode[]): string {
  const { currentState, lastSuccessfulState } = build;
  return `State ${currentState} - ${stateDisplayName(stateCodes, currentState)} (${lastSuccessfulState}% complete)`;
}

/**
 * A build as lists show it.
 * @param awaited the builds of the branches that it waits for, deleted ones included
 */
export function buildView(
  build: Build,
  stateCodes: readonly StateCode[],
  awaited: ReadonlyMap<string, Build>,
) {
  return {
    ...build,
    branchUntil: build.branchUntil ?? null,
    branches: (build.branches ?? []).map(({ fingerprint: _, ...branch }) => branch),
    blockedBy: blockersOf(build, awaited),
    currentStateName: stateName(stateCodes, build.currentState),
    currentStateDisplayName: stateDisplayName(stateCodes, build.currentState),
    progress: build.lastSuccessfulState,
    progressLine: progressLine(build, stateCodes),
  };
}

/** An attempt as it is shown. */
export function attemptView(attempt: Attempt, stateCodes: readonly StateCode[]) {
  return { ...attempt, stateName: stateName(stateCodes, attempt.state) };
}

/** A lease as it is shown. */
export function leaseView(buildId: string, lease: Lease) {
  const { renewals: _, ...shown } = lease;
  return { buildId, ...shown, identity: lease.identity === null ? null : { ...lease.identity } };
}

/** A build with what is going on in it. */
export function buildDetails(
  snapshot: BuildSnapshot,
  now: Timestamp,
  more: {
    readonly lastFailure: Attempt | null;
    readonly artifactBase: string | null;
    readonly awaited: ReadonlyMap<string, Build>;
  },
) {
  const { build, project, openAttempt, lease } = snapshot;
  const { stateCodes } = project;
  const open = openAttempt === null ? null : seenAt(openAttempt, lease, now);
  return {
    ...buildView(build, stateCodes, more.awaited),
    artifactBase: project.artifactBase ?? more.artifactBase,
    openAttempt: open?.status === 'in_progress' ? attemptView(open, stateCodes) : null,
    lastFailure: more.lastFailure === null ? null : attemptView(more.lastFailure, stateCodes),
    lease: isLive(lease, now) ? leaseView(build.id, lease) : null,
  };
}

/** A project without its parts, which have lists of their own. */
export function projectView(project: Project, artifactBase: string | null) {
  const { revision: _, stateCodes: __, retryPolicies: ___, resumableStates: ____, ...rest } = project;
  const { retention: _____, ...shown } = rest;
  return { ...shown, artifactBase: project.artifactBase ?? artifactBase };
}

/** A variable as it is shown; `value` is left out of sensitive ones unless the caller may have it. */
export function variableView(variable: Variable, value: string | undefined) {
  const { variableValue: _, deletedAt: __, ...shown } = variable;
  return { ...shown, ...(value !== undefined && { variableValue: value }) };
}

/** A key as it is shown: never with its hash. */
export function tokenView(token: ApiToken) {
  const { hash: _, ...shown } = token;
  return shown;
}
