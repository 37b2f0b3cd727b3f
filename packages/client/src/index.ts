export type { ArtifactRecordsApi, ArtifactsApi } from './api/artifacts.ts';
export type {
  AttemptRecord,
  BuildComparison,
  BuildDetails,
  BuildStateRecord,
  BuildSummary,
  BuildsApi,
  BuildTree,
  FailureRecord,
  FailureReport,
  ForkWish,
  ReportAnswer,
  StateReport,
} from './api/builds.ts';
export type { BodyOf, CallOptions, QueryOf } from './api/call.ts';
export type { EventRecord, EventsApi, StreamedEventRecord, VerifiedEvents } from './api/events.ts';
export type {
  DashboardSummary,
  DurationTrends,
  FailureTrends,
  FiguresApi,
  PlatformDashboard,
  ResumeStats,
  ResumeSuccess,
  StorageUsage,
  TimeSaved,
} from './api/figures.ts';
export type { JobRecord, JobsApi } from './api/jobs.ts';
export type { AcquireOptions, ClaimOptions, ClaimRecord, HeldClaim, LeasesApi } from './api/leases.ts';
export type { Listing, ListPage } from './api/listing.ts';
export type { ProjectRecord, ProjectsApi } from './api/projects.ts';
export type { BatchOptions, BatchOutcome } from './api/record-in-parts.ts';
export type {
  NewReference,
  ReferenceApis,
  ReferenceChanges,
  ReferenceRecord,
  ReferencesApi,
} from './api/references.ts';
export type { ResumableStateRecord, ResumableStatesApi } from './api/resumable-states.ts';
export type {
  BulkResumeOutcome,
  RequestedResume,
  ResumeApi,
  ResumeContext,
  ResumeContextOptions,
  ResumeRequestRecord,
} from './api/resume.ts';
export type { RetentionApi, RetentionRecord } from './api/retention.ts';
export type { RetryPoliciesApi, RetryPolicyRecord } from './api/retry-policies.ts';
export type { FlushResult, RejectedReport, SpoolApi, SpooledReport } from './api/spool.ts';
export type { StateCodeRecord, StateCodesApi } from './api/state-codes.ts';
export type { CreatedToken, ErasureRecord, TokenRecord, TokensApi } from './api/tokens.ts';
export type { VariableRecord, VariablesApi } from './api/variables.ts';
export type {
  ArtifactRecord,
  FoundArtifact,
  Lineage,
  RegisteredArtifact,
} from './artifact/artifact-record.ts';
export type { ArtifactChoice, DownloadedArtifact, DownloadOptions } from './artifact/download-options.ts';
export type { TransferProgress } from './artifact/progress.ts';
export { signatureChecker } from './artifact/signature-checker.ts';
export type { StorageToTry, TriedStorage } from './artifact/try-storage.ts';
export type { ArtifactSource, UploadArtifact, UploadedArtifact } from './artifact/upload-options.ts';
export type { CiJob } from './ci/ci-job.ts';
export { detectCi, jobLink } from './ci/detect-ci.ts';
export { reporterName } from './ci/reporter.ts';
export type { BuildStateClient, Caller } from './client.ts';
export { type ClientConfig, configFromEnvironment } from './config.ts';
export { connect } from './connect/connect.ts';
export type { ConnectOptions, RetryLimits, TimeLimits } from './connect/options.ts';
export type { Health } from './health.ts';
export { askServer, type ServerQuestion, type ServerReply } from './http/ask-server.ts';
export type { HttpRequest, HttpResponse, HttpTransport } from './http/transport.ts';
export type { HeldLease, LeaseRecord } from './lease/held-lease.ts';
export { type LocalPlace, localPlace } from './local/local-place.ts';
export type { ReportOptions, ReportOutcome } from './spool/report.ts';
