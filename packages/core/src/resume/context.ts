import { type Artifact, isUsable } from '../artifact/artifact.ts';
import { stateName } from '../build/catalogue.ts';
import type { BuildSnapshot } from '../build/snapshot.ts';
import type { Timestamp } from '../build/timestamp.ts';
import type { Variable } from '../variable/variable.ts';
import { planResume, type ResumePlan } from './plan.ts';

/** Something that a resume needs and does not have. */
export interface MissingPiece {
  /** What it is. */
  readonly kind: 'artifact' | 'variable';
  /** Its name, type or key. */
  readonly name: string;
  /** Why it is missing. */
  readonly reason: string;
}

/** A state that will run again. */
export interface RerunState {
  /** State code. */
  readonly state: number;
  /** Its name. */
  readonly name: string;
  /** Why. */
  readonly reason: string;
}

/** What a look at an artifact's bytes found to be wrong. */
export interface BadArtifact {
  /** The artifact. */
  readonly artifact: Artifact;
  /** What is wrong, as words. */
  readonly problem: string;
}

/** What is known of the pieces that a resume needs. */
export interface ResumeFindings {
  /** The plan. */
  readonly plan: ResumePlan;
  /** The artifacts that the resumed build may use, by state. */
  readonly artifacts: readonly Artifact[];
  /** What is missing. */
  readonly missing: readonly MissingPiece[];
  /** Whether the build can go on. */
  readonly resumable: boolean;
  /** Why, or why not. */
  readonly reasons: readonly string[];
  /** What will run again. */
  readonly rerunStates: readonly RerunState[];
}

/** The artifacts that a build resumed at `from` may use: made before, and not after the last success. */
function usableArtifacts(
  artifacts: readonly Artifact[],
  snapshot: BuildSnapshot,
  from: number,
  now: Timestamp,
) {
  const { lastSuccessfulState } = snapshot.build;
  const before = (state: number) =>
    state <= lastSuccessfulState && (from > lastSuccessfulState || state < from);
  return artifacts
    .filter((artifact) => isUsable(artifact, now) && before(artifact.stateCode))
    .sort((a, b) => a.stateCode - b.stateCode);
}

function missingPieces(
  plan: ResumePlan,
  artifacts: readonly Artifact[],
  variables: readonly Variable[],
  bad: readonly BadArtifact[],
): MissingPiece[] {
  const has = (wanted: string) =>
    artifacts.some(({ artifactName, artifactType }) => artifactName === wanted || artifactType === wanted);
  const needed = plan.config?.requiredArtifacts ?? [];
  const needsVariables = plan.config?.requiredVariables ?? [];
  return [
    ...needed
      .filter((wanted) => !has(wanted))
      .map((name) => ({
        kind: 'artifact' as const,
        name,
        reason: 'required by the configuration of the state',
      })),
    ...bad.map(({ artifact, problem }) => ({
      kind: 'artifact' as const,
      name: artifact.artifactName,
      reason: problem,
    })),
    ...needsVariables
      .filter((wanted) => !variables.some(({ variableKey }) => variableKey === wanted))
      .map((name) => ({
        kind: 'variable' as const,
        name,
        reason: 'required by the configuration of the state',
      })),
  ];
}

/**
 * Finds out whether and where a build can go on.
 * @param bad artifacts whose bytes were looked at and found wrong
 */
export function findResume(
  snapshot: BuildSnapshot,
  records: { readonly artifacts: readonly Artifact[]; readonly variables: readonly Variable[] },
  now: Timestamp,
  bad: readonly BadArtifact[] = [],
): ResumeFindings {
  const { lastSuccessfulState, status } = snapshot.build;
  const good = records.artifacts.filter(({ id }) => !bad.some(({ artifact }) => artifact.id === id));
  const hasArtifact = good.some((one) => isUsable(one, now) && one.stateCode <= lastSuccessfulState);
  const plan = withBadArtifacts(planResume(snapshot, hasArtifact), bad);
  const artifacts = usableArtifacts(good, snapshot, plan.resumeFromState, now);
  const missing = missingPieces(plan, artifacts, records.variables, bad);
  const closed = status === 'completed' || status === 'cancelled';
  // States that made bad artifacts run again, so their artifacts are no reason to stop.
  const blocking = missing.filter(({ name }) => !bad.some(({ artifact }) => artifact.artifactName === name));
  return {
    plan,
    artifacts,
    missing,
    resumable: !closed && blocking.length === 0,
    reasons: closed
      ? [`The build is ${status}.`]
      : [
          plan.reason,
          ...blocking.map(({ kind, name, reason }) => `The ${kind} "${name}" is missing: ${reason}.`),
        ],
    rerunStates: rerunStates(snapshot, plan, bad),
  };
}

/** A plan that begins early enough to make bad artifacts again. */
function withBadArtifacts(plan: ResumePlan, bad: readonly BadArtifact[]): ResumePlan {
  const earliest = Math.min(plan.resumeFromState, ...bad.map(({ artifact }) => artifact.stateCode));
  if (earliest === plan.resumeFromState) return plan;
  const names = bad.map(({ artifact }) => `"${artifact.artifactName}"`).join(', ');
  return {
    ...plan,
    resumeFromState: earliest,
    strategy: 'rerun_state',
    reason: `State ${earliest} must run again, because ${names} cannot be used.`,
  };
}

function rerunStates(snapshot: BuildSnapshot, plan: ResumePlan, bad: readonly BadArtifact[]): RerunState[] {
  const { stateCodes } = snapshot.project;
  const done = Object.values(snapshot.states)
    .filter(({ outcome, state }) => outcome !== null && state >= plan.resumeFromState)
    .map(({ state }) => ({
      state,
      reason:
        bad.find(({ artifact }) => artifact.stateCode === state)?.problem ??
        'it comes after the state resumed at',
    }));
  const first = done.some(({ state }) => state === plan.resumeFromState)
    ? []
    : [{ state: plan.resumeFromState, reason: plan.reason }];
  return [...first, ...done]
    .sort((a, b) => a.state - b.state)
    .map(({ state, reason }) => ({ state, name: stateName(stateCodes, state), reason }));
}
