/** What a report is about. */
export type ModelReportKind = 'start' | 'complete' | 'fail' | 'skip';

/** One transition. */
export interface ModelReport {
  readonly do: 'report';
  readonly kind: ModelReportKind;
  readonly state: number;
  readonly by: string;
  /** Fencing token; `null`: none. */
  readonly token: number | null;
  readonly takeover: boolean;
  /** Path of the artifact that the state produced; `null`: none. */
  readonly artifact: string | null;
  /** Whether the failure is said to be one that goes away. */
  readonly retryable: boolean;
  /** The report's id; `null`: it has none, and counts each time. */
  readonly eventId: string | null;
}

/** Something that is done to a build. */
export type ModelCommand =
  | ModelReport
  | { readonly do: 'retry'; readonly token: number | null; readonly eventId: string | null }
  | {
      readonly do: 'rollback';
      /** `null`: the completed state before the last. */
      readonly target: number | null;
      readonly token: number | null;
      readonly eventId: string | null;
    }
  | { readonly do: 'cancel'; readonly eventId: string | null }
  | {
      readonly do: 'acquire';
      readonly by: string;
      readonly ttlSeconds: number;
      /** Token of a lease whose holder is known to be gone. */
      readonly gone: number | null;
      readonly eventId: string | null;
    }
  /** Takes whichever build of a project waits. The model knows of one build, so the project must have no other. */
  | { readonly do: 'claim'; readonly by: string; readonly ttlSeconds: number; readonly project: string }
  | { readonly do: 'release'; readonly token: number }
  | { readonly do: 'look' }
  /** All attempts; several requests where they are many, so only for when nobody writes. */
  | { readonly do: 'history' };
