/** An attempt as the model keeps it. */
export interface ModelAttempt {
  readonly state: number;
  /** Which try at the state; `null` for a note. */
  readonly number: number | null;
  readonly status: string;
  readonly reporter: string | null;
  /** Fencing token that it was begun with. */
  readonly token: number | null;
  /** The artifact that it ended with. */
  readonly artifact: string | null;
}

/** A lease as the model keeps it, in milliseconds of the model's time. */
export interface ModelLease {
  readonly token: number;
  readonly expiresAt: number;
  /** Whether it was given up, or ended by somebody else. */
  readonly over: boolean;
}

/** What a command came to: what its answer shows, or the code of the error. */
export type ModelAnswer = Readonly<Record<string, unknown>>;

/**
 * A build as the rules of the domain describe it, and nothing of how the engine keeps it: what can be counted in
 * the history is counted there each time.
 */
export interface ModelBuild {
  readonly status: 'pending' | 'running' | 'completed' | 'failed' | 'cancelled';
  readonly current: number;
  readonly failed: number | null;
  /** Whether a next try is planned. */
  readonly retryPlanned: boolean;
  /** Oldest first. */
  readonly attempts: readonly ModelAttempt[];
  /** Failures by state that the retry policy counts. */
  readonly failures: Readonly<Record<number, number>>;
  readonly lease: ModelLease | null;
  /** First answers by the report's id. */
  readonly answers: Readonly<Record<string, ModelAnswer>>;
}

/** What a project's catalogue says. */
export interface ModelRules {
  /** The states that must be done before a state may begin. */
  readonly prerequisites: Readonly<Record<number, readonly number[]>>;
  /** The state that completes a build. */
  readonly finalState: number;
}

/** A build after a command, and what the command answered. */
export interface Stepped {
  readonly build: ModelBuild;
  readonly answer: ModelAnswer;
}

/** A build of which nothing was reported. */
export const newModelBuild: ModelBuild = {
  status: 'pending',
  current: 0,
  failed: null,
  retryPlanned: false,
  attempts: [],
  failures: {},
  lease: null,
  answers: {},
};

/** A rule of the domain that a command breaks, thrown inside the model only. */
export class Refusal extends Error {
  /** The code of the error that callers get. */
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

const counts = (status: string): boolean => status === 'completed' || status === 'skipped';

/** The attempt in progress. */
export function openAttempt(build: ModelBuild): ModelAttempt | undefined {
  return build.attempts.find(({ status }) => status === 'in_progress');
}

/** The states with a completed or skipped attempt, ascending. */
export function doneStates(build: ModelBuild): number[] {
  const done = build.attempts.filter(({ status }) => counts(status)).map(({ state }) => state);
  return [...new Set(done)].sort((a, b) => a - b);
}

/** The furthest completed or skipped state. */
export function lastSuccessful(build: ModelBuild): number {
  return Math.max(0, ...doneStates(build));
}

/** The newest attempt that completed a state. */
export function completionOf(build: ModelBuild, state: number): ModelAttempt | undefined {
  return build.attempts.findLast((attempt) => attempt.state === state && counts(attempt.status));
}

/** Changes the attempt in progress, if there is one. */
export function closeOpen(build: ModelBuild, fields: Partial<ModelAttempt>): ModelBuild {
  const attempts = build.attempts.map((one) => (one.status === 'in_progress' ? { ...one, ...fields } : one));
  return { ...build, attempts };
}

/** Where a build is, as answers to changes made by hand show it. */
export function placeOf(build: ModelBuild): ModelAnswer {
  const { status, current, failed } = build;
  return { status, current, last: lastSuccessful(build), failed };
}
