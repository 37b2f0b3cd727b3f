import type { BuildStatus } from '../build/status.ts';
import type { Timestamp } from '../build/timestamp.ts';
import type { BuildEvent } from '../event/event.ts';

/** What a snapshot says of a state. */
export interface StateSummary {
  /** State code. */
  readonly state: number;
  /** How its last attempt went, as events call it: `completed`, `failed`, `rolled_back`, … */
  readonly status: string;
  /** Attempts made. */
  readonly attempts: number;
  /** Attempts that failed. */
  readonly failures: number;
  /** Seconds of all attempts that came to an end. */
  readonly durationSeconds: number;
}

/** How a build stood at the end of a week in which it changed. */
export interface WeeklySnapshot {
  /** Which week of its life: 1, 2, … */
  readonly week: number;
  /** When the last event of the week happened. */
  readonly at: Timestamp;
  /** Number of that event: the place in the chain that the snapshot stands for. */
  readonly seq: number;
  /** Its hash. */
  readonly hash: string;
  /** How the build was. */
  readonly status: BuildStatus;
  /** The furthest state started or completed. */
  readonly currentState: number;
  /** Ascending. */
  readonly states: readonly StateSummary[];
}

const weekMs = 7 * 86_400_000;

const statusAfter: Readonly<Record<string, BuildStatus>> = {
  'build.created': 'pending',
  'build.completed': 'completed',
  'build.failed': 'failed',
  'build.cancelled': 'cancelled',
  'state.started': 'running',
  'state.completed': 'running',
  'state.skipped': 'running',
  'state.retried': 'running',
  'state.rolled_back': 'running',
};

/** Follows a build through its events. */
class Course {
  #status: BuildStatus = 'pending';
  #currentState = 0;
  readonly #states = new Map<number, StateSummary>();

  follow({ type, data }: BuildEvent): void {
    this.#status = statusAfter[type] ?? this.#status;
    if (type === 'state.rolled_back') this.#rollBack(numberIn(data.target_state));
    else if (type.startsWith('state.') && typeof data.state === 'number')
      this.#note(type.slice(6), data.state, data);
  }

  at({ at, seq, hash }: BuildEvent, week: number): WeeklySnapshot {
    const states = [...this.#states.values()].sort((a, b) => a.state - b.state);
    return { week, at, seq, hash, status: this.#status, currentState: this.#currentState, states };
  }

  #note(status: string, state: number, data: BuildEvent['data']): void {
    const known = this.#states.get(state) ?? { state, status, attempts: 0, failures: 0, durationSeconds: 0 };
    this.#states.set(state, {
      state,
      status,
      attempts: Math.max(known.attempts, numberIn(data.attempt)),
      failures: known.failures + (status === 'failed' ? 1 : 0),
      durationSeconds: known.durationSeconds + numberIn(data.duration_seconds),
    });
    if (['started', 'completed', 'skipped'].includes(status))
      this.#currentState = Math.max(this.#currentState, state);
  }

  #rollBack(target: number): void {
    this.#currentState = target;
    for (const [state, known] of this.#states)
      if (state > target) this.#states.set(state, { ...known, status: 'rolled_back' });
  }
}

function numberIn(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

/**
 * A snapshot for each week in which something happened to a build, from what its events say.
 * @param events the whole history, oldest first
 */
export function weeklySnapshots(events: readonly BuildEvent[]): readonly WeeklySnapshot[] {
  const [first] = events;
  if (first === undefined) return [];
  const weekOf = ({ at }: BuildEvent) => 1 + Math.floor((Date.parse(at) - Date.parse(first.at)) / weekMs);
  const course = new Course();
  const snapshots = new Map<number, WeeklySnapshot>();
  for (const event of events) {
    course.follow(event);
    const week = Math.max(1, weekOf(event));
    snapshots.set(week, course.at(event, week));
  }
  return [...snapshots.values()];
}
