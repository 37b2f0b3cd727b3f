import type {
  ActorRecord,
  ApiToken,
  Artifact,
  Attempt,
  Build,
  BuildEvent,
  BuildJob,
  FailurePattern,
  ProjectRetryPolicy,
  Reference,
  ReferenceKind,
  ResumableState,
  ResumeRequest,
  StateCode,
  Variable,
} from '@buildstate/core';
import type { RowOf } from './record-table.ts';
import type { HeadColumns } from './rows/builds-rows.ts';
import type { StoredLease } from './rows/leases-rows.ts';
import type { OfProject, StoredProject } from './rows/projects-rows.ts';
import type { StoredReport } from './rows/reports-rows.ts';
import type { StoredStateRecord } from './rows/state-records-rows.ts';
import type { ReplacedVariable } from './rows/variable-history-rows.ts';

/** Rows that have a place in the order in which they were first written. */
interface Positioned {
  /** Grows with every row of the table. */
  readonly position: number;
}

/** Rows that say which transaction wrote them, where the database tells. */
interface InTransaction {
  /** The transaction's number, as digits. */
  readonly transaction_id: string;
}

/** One entry of an artifact's `parents`. */
interface ArtifactParent {
  readonly parentId: string;
  readonly artifactId: string;
  readonly buildId: string;
}

/** The tables that queries are typed by. Their columns follow from the records; see `rows`. */
export interface Schema extends Readonly<Record<ReferenceKind, RowOf<Reference>>> {
  readonly projects: RowOf<StoredProject>;
  readonly state_codes: RowOf<StateCode & OfProject> & Positioned;
  readonly retry_policies: RowOf<ProjectRetryPolicy & OfProject> & Positioned;
  readonly resumable_states: RowOf<ResumableState> & Positioned;
  readonly failure_patterns: RowOf<FailurePattern & OfProject> & Positioned;
  readonly builds: RowOf<Build> & RowOf<HeadColumns>;
  readonly leases: RowOf<StoredLease>;
  readonly build_states: RowOf<Attempt> & Positioned;
  readonly build_state_records: RowOf<StoredStateRecord>;
  readonly build_artifacts: RowOf<Artifact>;
  readonly artifact_parents: RowOf<ArtifactParent>;
  readonly build_variables: RowOf<Variable>;
  readonly build_variable_history: RowOf<ReplacedVariable> & Positioned;
  readonly resume_requests: RowOf<ResumeRequest>;
  readonly build_jobs: RowOf<BuildJob>;
  readonly build_events: RowOf<BuildEvent> & Positioned & InTransaction;
  readonly reports: RowOf<StoredReport>;
  readonly api_tokens: RowOf<ApiToken>;
  readonly actors: RowOf<ActorRecord>;
}
