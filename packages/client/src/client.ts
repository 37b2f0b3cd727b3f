import type { Door, OperationAnswer } from '@buildstate/core';
import type { ArtifactsApi } from './api/artifacts.ts';
import type { BuildsApi, ReportAnswer, StateReport } from './api/builds.ts';
import type { CallOptions } from './api/call.ts';
import type { EventsApi } from './api/events.ts';
import type { FiguresApi } from './api/figures.ts';
import type { JobsApi } from './api/jobs.ts';
import type { LeasesApi } from './api/leases.ts';
import type { ProjectsApi } from './api/projects.ts';
import type { ReferenceApis } from './api/references.ts';
import type { ResumableStatesApi } from './api/resumable-states.ts';
import type { ResumeApi } from './api/resume.ts';
import type { RetentionApi } from './api/retention.ts';
import type { RetryPoliciesApi } from './api/retry-policies.ts';
import type { SpoolApi } from './api/spool.ts';
import type { StateCodesApi } from './api/state-codes.ts';
import type { TokensApi } from './api/tokens.ts';
import type { VariablesApi } from './api/variables.ts';
import type { Health } from './health.ts';
import type { ReportOptions, ReportOutcome } from './spool/report.ts';

/** Who the key belongs to and what it may do. */
export type Caller = OperationAnswer<'getCaller'>;

/**
 * A tracker, reached over HTTP or opened in this process: both behave the same. Close it when done, best with
 * `await using client = await connect(url)`.
 */
export interface BuildStateClient extends AsyncDisposable, ReferenceApis {
  /** Where it leads; never with credentials. */
  readonly uri: string;
  /** `server` over HTTP, `local` in this process. */
  readonly mode: 'server' | 'local';
  /** Who reports when a report does not say: the CI job, else `user@host`. */
  readonly reporter: string;
  /** Families of images. */
  readonly projects: ProjectsApi;
  /** Catalogues. */
  readonly stateCodes: StateCodesApi;
  /** How failed states are tried again. */
  readonly retryPolicies: RetryPoliciesApi;
  /** How long histories of a project's builds are kept. */
  readonly retention: RetentionApi;
  /** Which states can be resumed, and how. */
  readonly resumableStates: ResumableStatesApi;
  /** Builds, their attempts and events. */
  readonly builds: BuildsApi;
  /** The right to advance builds. */
  readonly leases: LeasesApi;
  /** What states produced. */
  readonly artifacts: ArtifactsApi;
  /** Values that a resumed build needs. */
  readonly variables: VariablesApi;
  /** Continuing failed and abandoned builds. */
  readonly resume: ResumeApi;
  /** CI jobs behind builds. */
  readonly jobs: JobsApi;
  /** What happened to builds, as lists and live. */
  readonly events: EventsApi;
  /** What all builds add up to. */
  readonly figures: FiguresApi;
  /** API keys. */
  readonly tokens: TokensApi;
  /** Reports on this machine's disk that wait for the tracker. */
  readonly spool: SpoolApi;
  /** The operations themselves, for what the facade has no method for. */
  readonly door: Door;

  /**
   * Records one transition like `builds.record`, after the reports of the same build that wait on disk. With
   * `spool`, a tracker that is away is no error: the report is written to disk and delivered later, by the next
   * `connect` or `report` to the same tracker or by `spool.flush()`.
   * @throws what `builds.record` throws; without `spool` also UnreachableError, and UnavailableError
   */
  report(build: string, report: StateReport, options?: ReportOptions): Promise<ReportOutcome<ReportAnswer>>;
  /** Whether the tracker can be used now. @throws UnreachableError */
  health(options?: CallOptions): Promise<Health>;
  /** Who the key belongs to and what it may do. @throws UnauthenticatedError */
  whoami(options?: CallOptions): Promise<Caller>;
  /** Frees sockets, files and handles. Leases are not released: release them first. */
  close(): Promise<void>;
}
