import type { Attempt } from '../build/attempt.ts';
import type { Build } from '../build/build.ts';
import { nextState, stateName } from '../build/catalogue.ts';
import type { StateRecord } from '../build/snapshot.ts';
import { lastState } from '../build/state-code.ts';
import type { Project } from '../project/project.ts';
import type { ResumableState, ResumeStrategy } from './resumable-state.ts';

/** How far a build has come: what its plan follows from. */
export interface BuildProgress {
  /** Its record. */
  readonly build: Pick<
    Build,
    'status' | 'currentState' | 'lastSuccessfulState' | 'failedState' | 'branchUntil'
  >;
  /** The attempt in progress. */
  readonly openAttempt: Pick<Attempt, 'state'> | null;
  /** By state code. */
  readonly states: Readonly<Record<number, Pick<StateRecord, 'outcome' | 'abandoned'>>>;
  /** The project's configuration. */
  readonly project: Pick<Project, 'stateCodes' | 'resumableStates'>;
}

/** Where a build goes on, and how. */
export interface ResumePlan {
  /** The state that runs next. */
  readonly resumeFromState: number;
  /** How. */
  readonly strategy: ResumeStrategy | null;
  /** What the project says of the state that failed or that the build falls back to. */
  readonly config: ResumableState | null;
  /** Why there, as a sentence. */
  readonly reason: string;
  /** Why the project does not allow it, as a sentence. */
  readonly refusal?: string;
}

/** What the project says of resuming at a state. */
export function configOf(snapshot: BuildProgress, state: number): ResumableState | null {
  return snapshot.project.resumableStates.find(({ stateCode }) => stateCode === state) ?? null;
}

/** The nearest state before one that cannot be resumed at which the project says that builds can go on. */
function fallback(snapshot: BuildProgress, unfit: number, why: string): ResumePlan {
  const before = snapshot.project.resumableStates
    .filter(({ stateCode, isResumable }) => isResumable && stateCode < unfit)
    .sort((a, b) => b.stateCode - a.stateCode);
  const config = before[0] ?? null;
  const resumeFromState = config?.stateCode ?? 0;
  return {
    resumeFromState,
    strategy: config?.resumeStrategy === 'from_artifact' ? 'from_artifact' : 'rerun_state',
    config,
    reason: `State ${unfit} ${why} and cannot be resumed; the nearest state before it that can is ${resumeFromState}.`,
  };
}

/**
 * Going on with a state that was begun: itself, or the nearest one before it that can be resumed.
 * @param why what happened to the state, for the reason
 */
export function planState(
  snapshot: BuildProgress,
  state: number,
  hasArtifact: boolean,
  why: string,
): ResumePlan {
  const config = configOf(snapshot, state);
  if (config !== null && !config.isResumable) return fallback(snapshot, state, why);
  const unsaid = hasArtifact ? 'from_artifact' : 'rerun_state';
  // Only a failed state is skipped; one that was merely interrupted runs again.
  const said = config?.resumeStrategy === 'skip_to_next' ? 'rerun_state' : config?.resumeStrategy;
  return {
    resumeFromState: state,
    strategy: said ?? unsaid,
    config,
    reason: `State ${state} ${why} and runs again.`,
  };
}

function afterFailure(snapshot: BuildProgress, failed: number, hasArtifact: boolean): ResumePlan {
  const config = configOf(snapshot, failed);
  const next = nextState(snapshot.project.stateCodes, failed);
  const skips = config?.isResumable === true && config.resumeStrategy === 'skip_to_next';
  if (!skips || next === undefined) return planState(snapshot, failed, hasArtifact, 'failed');
  const reason = `State ${failed} failed and is skipped.`;
  return { resumeFromState: next, strategy: 'skip_to_next', config, reason };
}

/** The state that was begun and not completed, if there is one. */
function interruptedState({ build, openAttempt, states }: BuildProgress): number | undefined {
  const { currentState, lastSuccessfulState } = build;
  if (openAttempt !== null) return openAttempt.state;
  const givenUp = states[currentState]?.abandoned === true;
  return givenUp || currentState > lastSuccessfulState ? currentState : undefined;
}

/** Going on after the last completed state, or at the beginning. */
function planNext(snapshot: BuildProgress, hasArtifact: boolean): ResumePlan {
  const { build, states, project } = snapshot;
  const { stateCodes } = project;
  const last = build.lastSuccessfulState;
  const begun = last > 0 || states[0]?.outcome != null;
  const initial = stateCodes.find(({ isInitial }) => isInitial)?.stateCode ?? 0;
  // A branch ends where its parent waits for it, which need not be in the catalogue.
  const next = Math.min(nextState(stateCodes, last) ?? last, build.branchUntil ?? lastState);
  const resumeFromState = begun ? next : initial;
  const name = stateName(stateCodes, resumeFromState);
  return {
    resumeFromState,
    strategy: hasArtifact ? 'from_artifact' : 'rerun_state',
    config: configOf(snapshot, resumeFromState),
    reason: begun
      ? `State ${last} is the last one completed; ${resumeFromState} (${name}) follows.`
      : 'Nothing was completed yet.',
  };
}

/**
 * Where a build would go on now.
 * @param hasArtifact whether it has an artifact that a resumed build may start from
 */
export function planResume(snapshot: BuildProgress, hasArtifact: boolean): ResumePlan {
  const { status, failedState } = snapshot.build;
  if (status === 'failed' && failedState !== null) return afterFailure(snapshot, failedState, hasArtifact);
  const state = interruptedState(snapshot);
  if (state === undefined) return planNext(snapshot, hasArtifact);
  return planState(snapshot, state, hasArtifact, 'was begun and not completed');
}
