/** One invalid field of an input. */
export interface FieldProblem {
  /** Where it is, with dots and indices: `artifact_size`, `states.0.state`. Empty for the whole input. */
  readonly path: string;
  /** What is wrong and what would be right. */
  readonly message: string;
}

/** What an error carries besides its sentence. Nothing in it may be secret. */
export interface ErrorDetails {
  /** The error that led to this one. */
  readonly cause?: unknown;
  /** Facts for machines: ids, states, limits. Snake case, because it is shown in API answers. */
  readonly context?: Readonly<Record<string, unknown>>;
  /** The invalid fields, where fields are what is wrong. */
  readonly problems?: readonly FieldProblem[];
}

/**
 * What kind of failure it is. Edges turn the kind, not the class, into HTTP statuses and exit codes.
 */
export type ErrorKind =
  | 'invalid'
  | 'not_found'
  | 'conflict'
  | 'unauthenticated'
  | 'forbidden'
  | 'integrity'
  | 'unavailable'
  | 'no_space'
  | 'too_large'
  | 'not_resumable'
  | 'timeout'
  | 'failed';

/**
 * The base of every error that BuildState throws on purpose. The message is a sentence that says what,
 * which object, and what to do.
 */
export abstract class BuildStateError extends Error {
  /** Stable and machine-readable, such as `illegal_transition`. */
  abstract readonly code: string;
  /** The kind of failure, for edges. */
  abstract readonly kind: ErrorKind;
  /** Facts for machines. */
  readonly context: Readonly<Record<string, unknown>>;
  /** The invalid fields, or none. */
  readonly problems: readonly FieldProblem[];

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.context = details.context ?? {};
    this.problems = details.problems ?? [];
  }
}
