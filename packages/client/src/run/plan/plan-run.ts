import { NotFoundError, NotResumableError } from '@buildstate/core';
import type { StateHistory } from '../../step/inputs/completed-before.ts';
import type { InputChange } from '../../step/inputs/fingerprint.ts';
import { artifactFor } from '../../step/needs/resolve-needs.ts';
import type { KnownArtifact } from '../../step/state/memory.ts';
import type { FileState } from '../file/build-file.ts';

/** What the tracker says of the build; all zero for one that is not there yet. */
export interface BuildFacts {
  /** `pending`, `running`, `failed`, … */
  readonly status: string;
  /** The furthest state started or completed. */
  readonly currentState: number;
  /** The state that failed, while the build is failed. */
  readonly failedState: number | null;
  /** Codes of all states that count as done, whether or not the file has them. */
  readonly doneStates: readonly number[];
  /** All artifacts. */
  readonly artifacts: readonly KnownArtifact[];
}

/** A state of the file with what the record says of it. */
export interface JudgedState {
  /** The state. */
  readonly state: FileState;
  /** What people call it. */
  readonly name: string;
  /** What the record says of it. */
  readonly history: StateHistory;
}

/** What becomes of one state. */
export interface PlanEntry {
  /** State code. */
  readonly code: number;
  /** What people call it. */
  readonly name: string;
  /**
   * `skip`: done. `run`: is run. `reuse`: takes what an earlier build has made, as far as is known beforehand. `leave`:
   * beyond where the run stops.
   */
  readonly action: 'skip' | 'run' | 'reuse' | 'leave';
  /** Why, to follow the state's name. */
  readonly reason: string;
  /** Which inputs are not what they were when it was completed. */
  readonly changes: readonly InputChange[];
}

/** What a run will do. */
export interface RunPlan {
  /** Every state of the file, ascending. */
  readonly entries: readonly PlanEntry[];
  /** Going back before the first state runs: the state to go back to, and why. */
  readonly rollback: { readonly target: number; readonly reason: string } | undefined;
  /** Clearing a failure of another state before the first state runs: why. */
  readonly clearFailure: string | undefined;
}

/** What the user asked for. */
export interface RunBounds {
  /** The first state to run, done or not. */
  readonly from?: number | undefined;
  /** The last state to run. */
  readonly to?: number | undefined;
}

interface Beginning {
  readonly index: number;
  readonly reason: string;
}

function ownReason({ history, state }: JudgedState, facts: BuildFacts): string {
  if (history.done) return history.reason;
  if (facts.failedState === state.code) return 'failed and is tried again';
  return state.code < facts.currentState ? 'is new, or was passed over' : 'is not done yet';
}

/** The first state that is not done as it is now, or that the user asked for. */
function firstToRun(
  states: readonly JudgedState[],
  facts: BuildFacts,
  { from }: RunBounds,
): Beginning | undefined {
  const index = states.findIndex(
    ({ state, history }) => state.code === from || !history.done || history.changes.length > 0,
  );
  const found = states[index];
  if (found === undefined) return undefined;
  if (from !== undefined && found.state.code < from) {
    throw new NotResumableError(
      `The run cannot begin at state ${from}: state ${found.state.code} (${found.name}) ${ownReason(found, facts)}. ` +
        'Leave --from out to begin there.',
      { context: { from, state: found.state.code } },
    );
  }
  const reason =
    found.history.done && found.history.changes.length === 0 ? 'is run again, as --from asks' : undefined;
  return { index, reason: reason ?? ownReason(found, facts) };
}

/** An artifact of a done state that a state to be run needs and cannot get; its producer has to run again. */
function lackingProducer(
  states: readonly JudgedState[],
  begin: Beginning,
  last: number,
  facts: BuildFacts,
): Beginning | undefined {
  for (const { state } of states.slice(begin.index, last + 1)) {
    for (const { name } of state.needs) {
      const producer = states.findLastIndex(
        (each) =>
          each.state.code < state.code && each.state.produces.some((product) => product.name === name),
      );
      if (producer >= begin.index) continue;
      const step = { state: state.code, produces: state.produces };
      if (artifactFor(name, step, facts.artifacts) !== undefined) continue;
      if (producer >= 0) {
        return {
          index: producer,
          reason: `is run again: its artifact "${name}", which state ${state.code} needs, is not to be had`,
        };
      }
      throw new NotFoundError(
        `State ${state.code} needs the artifact "${name}", which no state before it produces and the build does not have.`,
        { context: { state: state.code, artifact_name: name } },
      );
    }
  }
  return undefined;
}

function findBeginning(
  states: readonly JudgedState[],
  facts: BuildFacts,
  bounds: RunBounds,
  last: number,
): Beginning | undefined {
  let begin = firstToRun(states, facts, bounds);
  while (begin !== undefined && begin.index <= last) {
    const earlier = lackingProducer(states, begin, last, facts);
    if (earlier === undefined) return begin;
    begin = earlier;
  }
  return undefined;
}

/** What has to be recorded before the first state can start. */
function movesBefore(
  begin: JudgedState,
  reason: string,
  facts: BuildFacts,
): Pick<RunPlan, 'rollback' | 'clearFailure'> {
  const { code } = begin.state;
  const target = Math.max(0, ...facts.doneStates.filter((done) => done < code));
  const goesBack = code < facts.currentState || (begin.history.done && target < facts.currentState);
  if (goesBack && target < facts.currentState) {
    return { rollback: { target, reason: `State ${code} ${reason}.` }, clearFailure: undefined };
  }
  const failedElsewhere = facts.failedState !== null && facts.failedState !== code;
  return {
    rollback: undefined,
    clearFailure: failedElsewhere ? `The build file goes on at state ${code}.` : undefined,
  };
}

function entryOf(
  states: readonly JudgedState[],
  index: number,
  begin: Beginning | undefined,
  last: number,
): PlanEntry {
  const { state, name, history } = states[index] as JudgedState;
  const changes = history.done ? history.changes : [];
  const entry = (action: PlanEntry['action'], reason: string): PlanEntry => ({
    code: state.code,
    name,
    action,
    reason,
    changes,
  });
  if (index > last) return entry('leave', 'is beyond --to');
  if (begin === undefined || index < begin.index)
    return entry('skip', history.done ? history.reason : 'is not done yet');
  if (index === begin.index) return entry('run', begin.reason);
  const beginning = states[begin.index]?.state.code;
  return entry('run', history.done ? `is run again, because state ${beginning} is` : 'is not done yet');
}

/**
 * Decides what a run does. Pure: the same facts give the same plan.
 *
 * @param states the file's states, ascending, with what the record says of them
 * @throws NotResumableError when a state before `from` is not done; NotFoundError for a need that nobody makes
 */
export function planRun(states: readonly JudgedState[], facts: BuildFacts, bounds: RunBounds): RunPlan {
  const { to } = bounds;
  const last = to === undefined ? states.length - 1 : states.findLastIndex(({ state }) => state.code <= to);
  const begin = findBeginning(states, facts, bounds, last);
  const entries = states.map((_, index) => entryOf(states, index, begin, last));
  const first = begin === undefined ? undefined : states[begin.index];
  if (begin === undefined || first === undefined)
    return { entries, rollback: undefined, clearFailure: undefined };
  return { entries, ...movesBefore(first, begin.reason, facts) };
}
