import { entryOf, nextState } from '../build/catalogue.ts';
import type { BuildSnapshot } from '../build/snapshot.ts';
import type { ResumableState, ResumeStrategy } from './resumable-state.ts';

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
}

function configOf(snapshot: BuildSnapshot, state: number): ResumableState | null {
  return snapshot.project.resumableStates.find(({ stateCode }) => stateCode === state) ?? null;
}

/** The nearest state before a failed one at which the project says that builds can go on. */
function fallback(snapshot: BuildSnapshot, failed: number): ResumePlan {
  const before = snapshot.project.resumableStates
    .filter(({ stateCode, isResumable }) => isResumable && stateCode < failed)
    .sort((a, b) => b.stateCode - a.stateCode);
  const config = before[0] ?? null;
  const resumeFromState = config?.stateCode ?? 0;
  return {
    resumeFromState,
    strategy: config?.resumeStrategy ?? 'rerun_state',
    config,
    reason: `State ${failed} failed and cannot be resumed; the nearest state before it that can is ${resumeFromState}.`,
  };
}

function afterFailure(snapshot: BuildSnapshot, failed: number, hasArtifact: boolean): ResumePlan {
  const config = configOf(snapshot, failed);
  if (config !== null && !config.isResumable) return fallback(snapshot, failed);
  const strategy = config?.resumeStrategy ?? (hasArtifact ? 'from_artifact' : 'rerun_state');
  if (strategy !== 'skip_to_next') {
    return { resumeFromState: failed, strategy, config, reason: `State ${failed} failed and runs again.` };
  }
  const next = nextState(snapshot.project.stateCodes, failed) ?? failed;
  return { resumeFromState: next, strategy, config, reason: `State ${failed} failed and is skipped.` };
}

/**
 * Where a build would go on now.
 * @param hasArtifact whether it has an artifact that a resumed build may start from
 */
export function planResume(snapshot: BuildSnapshot, hasArtifact: boolean): ResumePlan {
  const { build, openAttempt, project } = snapshot;
  const { status, failedState, currentState, lastSuccessfulState } = build;
  if (status === 'failed' && failedState !== null) return afterFailure(snapshot, failedState, hasArtifact);
  if (openAttempt !== null || currentState > lastSuccessfulState) {
    const state = openAttempt?.state ?? currentState;
    return {
      resumeFromState: state,
      strategy: hasArtifact ? 'from_artifact' : 'rerun_state',
      config: configOf(snapshot, state),
      reason: `State ${state} was begun and not completed.`,
    };
  }
  const begun = Object.keys(snapshot.states).length > 0;
  const next = begun ? (nextState(project.stateCodes, lastSuccessfulState) ?? lastSuccessfulState) : 0;
  const initial = project.stateCodes.find(({ isInitial }) => isInitial)?.stateCode ?? 0;
  const resumeFromState = begun ? next : initial;
  return {
    resumeFromState,
    strategy: hasArtifact ? 'from_artifact' : 'rerun_state',
    config: configOf(snapshot, resumeFromState),
    reason: begun
      ? `State ${lastSuccessfulState} is the last one completed; ${nameOf(snapshot, next)} follows.`
      : 'Nothing was completed yet.',
  };
}

function nameOf(snapshot: BuildSnapshot, state: number): string {
  return `${state} (${entryOf(snapshot.project.stateCodes, state)?.name ?? `state-${state}`})`;
}
