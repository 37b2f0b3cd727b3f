import type { Artifact, VerificationStatus } from '../artifact/artifact.ts';
import { type Inherited, inheritsNothing, withInherited } from '../branch/inheritance.ts';
import { stateName } from '../build/catalogue.ts';
import type { BuildSnapshot } from '../build/snapshot.ts';
import type { Timestamp } from '../build/timestamp.ts';
import type { Variable } from '../variable/variable.ts';
import { offeredArtifacts } from './offered-artifacts.ts';
import { configOf, planResume, planState, type ResumePlan } from './plan.ts';

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

/** What somebody sees who looks at an artifact's bytes. */
export interface Look {
  /** What is known of the bytes now. */
  readonly status: VerificationStatus;
  /** What is wrong, as words. */
  readonly problem?: string | undefined;
}

/** The records that a resume rests on. */
export interface ResumeRecords {
  /** All artifacts, superseded ones included. */
  readonly artifacts: readonly Artifact[];
  /** The live variables. */
  readonly variables: readonly Variable[];
  /** What a branch has from the builds above it. @default nothing */
  readonly inherited?: Inherited | undefined;
}

/** What else a resume is judged by. */
export interface ResumeQuestion {
  /** What was seen of artifacts' bytes just now, by id. @default what their records say */
  readonly looks?: ReadonlyMap<string, Look>;
  /** The state that somebody wants to go on with; later than the plan's it changes nothing. @default the plan's */
  readonly from?: number | undefined;
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
  /** The artifacts that it would use if their bytes were good. */
  readonly bad: readonly Artifact[];
}

interface BadArtifact {
  readonly artifact: Artifact;
  readonly problem: string;
}

/** What is wrong with the bytes of an artifact, if anything is known to be. */
function problemOf(artifact: Artifact, looks: ResumeQuestion['looks']): string | undefined {
  const look = looks?.get(artifact.id);
  const seen = look === undefined || look.status === 'unverified' ? undefined : look;
  const status = seen?.status ?? artifact.verificationStatus;
  if (status !== 'missing' && status !== 'corrupt') return undefined;
  return seen?.problem ?? (status === 'missing' ? 'its bytes are not there' : 'its bytes are damaged');
}

/** A plan that begins early enough to make bad artifacts again. */
function planAround(snapshot: BuildSnapshot, bad: readonly BadArtifact[]): ResumePlan {
  const state = Math.min(...bad.map(({ artifact }) => artifact.stateCode));
  const names = bad.map(({ artifact }) => `"${artifact.artifactName}"`).join(', ');
  const plan = planState(snapshot, state, false, `has made ${names}, which cannot be used,`);
  return plan.resumeFromState === state
    ? {
        ...plan,
        strategy: 'rerun_state',
        reason: `State ${state} must run again, because ${names} cannot be used.`,
      }
    : plan;
}

/** The plan that was asked for, if it is no later than the one that is possible. */
function planAsked(snapshot: BuildSnapshot, possible: ResumePlan, from: number | undefined): ResumePlan {
  if (from === undefined || from >= possible.resumeFromState) return possible;
  const config = configOf(snapshot, from);
  return {
    resumeFromState: from,
    strategy: config?.resumeStrategy === 'from_artifact' ? 'from_artifact' : 'rerun_state',
    config,
    reason: `State ${from} was asked for.`,
    ...(config?.isResumable === false && {
      refusal: `The project says that builds cannot be resumed at state ${from}.`,
    }),
  };
}

/** The plan with the artifacts that are good for it; goes back as far as bad ones demand. */
function settlePlan(
  snapshot: BuildSnapshot,
  { artifacts: records, inherited = inheritsNothing }: ResumeRecords,
  now: Timestamp,
  { looks, from }: ResumeQuestion,
) {
  const { lastSuccessfulState } = snapshot.build;
  const all = offeredArtifacts(records, snapshot, lastSuccessfulState + 1, now, inherited.artifacts);
  const hasArtifact = all.some((artifact) => problemOf(artifact, looks) === undefined);
  const found: BadArtifact[] = [];
  let plan = planAsked(snapshot, planResume(snapshot, hasArtifact), from);
  for (;;) {
    const offered = offeredArtifacts(records, snapshot, plan.resumeFromState, now, inherited.artifacts);
    const bad = offered.flatMap((artifact) => {
      const problem = problemOf(artifact, looks);
      return problem === undefined ? [] : [{ artifact, problem }];
    });
    if (bad.length === 0) return { plan, artifacts: offered, bad: found };
    // All of them lie before the state resumed at, so that this comes to an end.
    found.push(...bad);
    plan = planAround(snapshot, bad);
  }
}

function missingPieces(
  { config }: ResumePlan,
  artifacts: readonly Artifact[],
  variables: readonly Variable[],
  bad: readonly BadArtifact[],
): { readonly all: MissingPiece[]; readonly blocking: MissingPiece[] } {
  const reason = 'required by the configuration of the state';
  const has = (wanted: string) =>
    artifacts.some(({ artifactName, artifactType }) => artifactName === wanted || artifactType === wanted);
  const blocking: MissingPiece[] = [
    ...(config?.requiredArtifacts ?? [])
      .filter((wanted) => !has(wanted))
      .map((name) => ({ kind: 'artifact' as const, name, reason })),
    ...(config?.requiredVariables ?? [])
      .filter((wanted) => !variables.some(({ variableKey }) => variableKey === wanted))
      .map((name) => ({ kind: 'variable' as const, name, reason })),
  ];
  // States that made bad artifacts run again, so that those are no reason to stop.
  const remade = bad.map(({ artifact, problem }) => ({
    kind: 'artifact' as const,
    name: artifact.artifactName,
    reason: problem,
  }));
  return { all: [...remade, ...blocking], blocking };
}

/** Why a build cannot go on at all. */
function obstacles({ build }: BuildSnapshot, { refusal, resumeFromState }: ResumePlan): string[] {
  if (build.status === 'completed' || build.status === 'cancelled') return [`The build is ${build.status}.`];
  if (build.branchedFromState !== null && resumeFromState <= build.branchedFromState)
    return [
      `State ${resumeFromState} lies before the fork at state ${build.branchedFromState}: it belongs to the parent ` +
        `build ${build.parentBuildId}, which would have to be rolled back.`,
    ];
  return refusal === undefined ? [] : [refusal];
}

/**
 * Finds out whether and where a build can go on.
 * @param question what was seen of bytes, and what is asked for
 */
export function findResume(
  snapshot: BuildSnapshot,
  records: ResumeRecords,
  now: Timestamp,
  question: ResumeQuestion = {},
): ResumeFindings {
  const { plan, artifacts, bad } = settlePlan(snapshot, records, now, question);
  const variables = withInherited(records.variables, records.inherited?.variables ?? []);
  const { all, blocking } = missingPieces(plan, artifacts, variables, bad);
  const stops = obstacles(snapshot, plan);
  const lacks = blocking.map(({ kind, name, reason }) => `The ${kind} "${name}" is missing: ${reason}.`);
  return {
    plan,
    artifacts,
    missing: all,
    resumable: stops.length === 0 && lacks.length === 0,
    reasons: stops.length > 0 ? stops : [plan.reason, ...lacks],
    rerunStates: rerunStates(snapshot, plan, bad),
    bad: bad.map(({ artifact }) => artifact),
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
