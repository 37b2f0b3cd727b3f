export { type ApiToken, covers, type Scope, scopes } from './access/api-token.ts';
export { isActorId, isActorName, newActorId, shownName } from './actor/actor-id.ts';
export {
  type Artifact,
  isLiveArtifact,
  type VerificationStatus,
  verificationStatuses,
} from './artifact/artifact.ts';
export { type Checksum, parseChecksum } from './artifact/checksum.ts';
export { artifactFingerprint } from './artifact/fingerprint.ts';
export { type ArtifactPlace, checkStorageKey, defaultKey, safeSegment } from './artifact/storage-key.ts';
export { canonicalBackend, checkPlace, placeWarnings } from './artifact/storage-type.ts';
export {
  type Branch,
  branchKeyPattern,
  branchNumber,
  longestBranchKey,
  maxBranchDepth,
  maxBranches,
} from './branch/branch.ts';
export { awaitedBranches, type Blocker, blockersOf } from './branch/waiting.ts';
export type { ArtifactReference, Attempt } from './build/attempt.ts';
export {
  type Build,
  type BuildHistory,
  buildHistories,
  type JsonObject,
  type JsonValue,
} from './build/build.ts';
export {
  defaultCatalogue,
  entryOf,
  finalState,
  nextState,
  resolveStateName,
  stateDisplayName,
  stateName,
} from './build/catalogue.ts';
export { hasEnded } from './build/closed.ts';
export { type NewBuild, newBuild, newHead } from './build/new-build.ts';
export type { StateReport } from './build/report.ts';
export type {
  BuildCounts,
  BuildHead,
  BuildSnapshot,
  ChainHead,
  ResumeTarget,
  StateRecord,
} from './build/snapshot.ts';
export { firstState, isStateCode, lastState, type StateCode } from './build/state-code.ts';
export {
  type AttemptStatus,
  attemptStatuses,
  type BuildStatus,
  buildStatuses,
  type ReportedStatus,
  reportedStatusSpellings,
} from './build/status.ts';
export { earliest, secondsBetween, type Timestamp, timestamp } from './build/timestamp.ts';
export type { DutyWork } from './duty/duty-work.ts';
export { noteStalls, type StallParts } from './duty/note-stalls.ts';
export { type DutyParts, type DutyResult, type DutyTurn, performDuty } from './duty/perform-duty.ts';
export { StallSchedule } from './duty/stall-schedule.ts';
export { type StoreDutyParts, storeDuties } from './duty/store-duties.ts';
export { AlreadyExistsError } from './errors/already-exists-error.ts';
export { BuildClosedError } from './errors/build-closed-error.ts';
export {
  BuildStateError,
  type ErrorDetails,
  type ErrorKind,
  type FieldProblem,
} from './errors/buildstate-error.ts';
export { errorClasses } from './errors/by-code.ts';
export { ConfigurationError } from './errors/configuration-error.ts';
export { ForbiddenError } from './errors/forbidden-error.ts';
export { IllegalTransitionError } from './errors/illegal-transition-error.ts';
export { IntegrityError } from './errors/integrity-error.ts';
export { KeyReusedError } from './errors/key-reused-error.ts';
export { KeyRingError } from './errors/key-ring-error.ts';
export { LeaseLostError } from './errors/lease-lost-error.ts';
export { LimitError } from './errors/limit-error.ts';
export { MalformedError } from './errors/malformed-error.ts';
export { MissingPrerequisitesError } from './errors/missing-prerequisites-error.ts';
export { NoSpaceError } from './errors/no-space-error.ts';
export { NotFoundError } from './errors/not-found-error.ts';
export { NotPromotableError } from './errors/not-promotable-error.ts';
export { NotResumableError } from './errors/not-resumable-error.ts';
export { NotSupportedError } from './errors/not-supported-error.ts';
export { PinnedError } from './errors/pinned-error.ts';
export { PreconditionFailedError } from './errors/precondition-failed-error.ts';
export { RemoteError } from './errors/remote-error.ts';
export { RequestInFlightError } from './errors/request-in-flight-error.ts';
export { StateInProgressError } from './errors/state-in-progress-error.ts';
export { StorageChangedError } from './errors/storage-changed-error.ts';
export { type Persistence, StorageError, type StorageErrorDetails } from './errors/storage-error.ts';
export { StorageExistsError } from './errors/storage-exists-error.ts';
export { StorageNotFoundError } from './errors/storage-not-found-error.ts';
export { StoreError } from './errors/store-error.ts';
export { TimeoutError } from './errors/timeout-error.ts';
export { UnauthenticatedError } from './errors/unauthenticated-error.ts';
export { UnavailableError } from './errors/unavailable-error.ts';
export { UnreachableError } from './errors/unreachable-error.ts';
export { ValidationError } from './errors/validation-error.ts';
export { VersionConflictError } from './errors/version-conflict-error.ts';
export {
  type Attention,
  type AttentionReason,
  attentionReasons,
} from './estimate/attention.ts';
export type { Eta, EtaBasis, StateEta } from './estimate/eta.ts';
export type { Stall, StallReason } from './estimate/stall.ts';
export { type ChainBreak, chainEvents, emptyChain, eventHash } from './event/chain.ts';
export { ChainCheck, type ChainCheckOptions } from './event/chain-check.ts';
export { type BuildEvent, type EventType, eventTypes, type PendingEvent } from './event/event.ts';
export { findBreak } from './event/find-break.ts';
export { type EventConditions, matchesEvent } from './event/matches-event.ts';
export { noPosition, placeOf, positionOf, type StreamPlace, streamStart } from './event/position.ts';
export type { FollowedBatch } from './feed/follow-tail.ts';
export type { FollowedOperation, Following } from './feed/following.ts';
export { eventBody, type FollowedEvent, type StreamedBody } from './feed/sources.ts';
export type { BuildJob } from './job/build-job.ts';
export { type ClaimReason, claimReasons } from './lease/decide-claim.ts';
export type { HolderIdentity } from './lease/identity.ts';
export { defaultLeaseSeconds, isLive, type Lease } from './lease/lease.ts';
export type { ActorRecord, Actors, Erasure } from './ports/actors.ts';
export type {
  ArtifactBackend,
  BackendCapabilities,
  BackendProbe,
  CallOptions,
  CompleteUploadOptions,
  CreateUploadOptions,
  ListedObject,
  ListedParts,
  ObjectInfo,
  PartBody,
  PutOptions,
  ReadOptions,
  ReadResult,
  UploadedPart,
  UploadHandle,
} from './ports/artifact-backend.ts';
export type { Clock } from './ports/clock.ts';
export type { Crypto, KeyRing, SealedBox, Sha256 } from './ports/crypto.ts';
export type { Duties, Duty, DutyClaim, DutyEnd, DutyOutcome } from './ports/duties.ts';
export type { EventStream, StreamedEvent, StreamPart, StreamQuery } from './ports/event-stream.ts';
export type { EndedBuildQuery, Histories, HistoryCut } from './ports/history.ts';
export type { Ids } from './ports/ids.ts';
export type { KeyedRequest, KeyedRequests, RequestClaim } from './ports/keyed-requests.ts';
export { type LogFields, type Logger, silentLogger } from './ports/logger.ts';
export type { Page, PageQuery } from './ports/page.ts';
export type {
  ArtifactSearch,
  ArtifactTally,
  ArtifactTallyQuery,
  ArtifactTrait,
  AttemptFacts,
  AttemptSearch,
  BuildFacts,
  BuildSearches,
  BuildTally,
  BuildTallyQuery,
  BuildTrait,
  InBuild,
  RecentAttempts,
  ResumeRequestSearch,
  Stretch,
} from './ports/searches.ts';
export type {
  ArtifactQuery,
  AttemptQuery,
  BuildChange,
  BuildQuery,
  BuildRef,
  EventQuery,
  LoadedBuild,
  LoadNeeds,
  ProjectQuery,
  ProjectRef,
  RememberedReport,
  StateStore,
  StoreCapabilities,
} from './ports/state-store.ts';
export type { StoreInspection, StoreInspections } from './ports/store-inspection.ts';
export type { StoreUpkeep } from './ports/store-upkeep.ts';
export type { StoreHint, WatchedStore } from './ports/store-watch.ts';
export type {
  NextStates,
  StateRange,
  WaitingBuild,
  WaitingBuilds,
  WaitingQuery,
} from './ports/waiting-builds.ts';
export type { WholeBuild, WholeBuilds } from './ports/whole-builds.ts';
export type { Project, ProjectRetryPolicy } from './project/project.ts';
export { type Reference, type ReferenceKind, referenceKinds } from './project/reference.ts';
export {
  type PastEnd,
  type PastReport,
  type ReplayNotes,
  type ReplayTools,
  replayBuild,
} from './replay/replay-build.ts';
export { type ResumableState, type ResumeStrategy, resumeStrategies } from './resume/resumable-state.ts';
export {
  isOpen,
  type OrchestrationStatus,
  orchestrationStatuses,
  type RequestSource,
  type ResumeRequest,
  requestSources,
} from './resume/resume-request.ts';
export { checkpointIn, isSignedCheckpoint, type TrimCheckpoint } from './retention/checkpoint.ts';
export { type CutParts, cutHistory, goingRows } from './retention/cut-history.ts';
export { type DueCut, type DueParts, dueCuts, type Keeps } from './retention/due-cuts.ts';
export {
  defaultRetention,
  mostRetentionDays,
  type RetentionPolicy,
  retentionIn,
  retentionVariables,
} from './retention/policy.ts';
export type { RetentionParts } from './retention/retention-duty.ts';
export { type StateSummary, type WeeklySnapshot, weeklySnapshots } from './retention/weekly-snapshots.ts';
export { delaySeconds } from './retry/back-off.ts';
export { type FailureCategory, failureCategories } from './retry/category.ts';
export { classifyFailure, componentOf, type FailureDescription } from './retry/classify.ts';
export { decideRetry, type FailureFacts, type RetryDecision } from './retry/decision.ts';
export { builtInPatterns, type FailurePattern } from './retry/failure-patterns.ts';
export {
  type NotifyMoment,
  notifyMoments,
  type PolicySource,
  type PresetName,
  policyOf,
  presets,
  type RetryPolicy,
} from './retry/policy.ts';
export { canonicalJson } from './text/canonical-json.ts';
export { nearestNames } from './text/nearest-names.ts';
export { isUuid, uuidOf } from './text/uuid.ts';
export { createTracker } from './tracker/create-tracker.ts';
export type { Door, DoorOptions } from './tracker/door.ts';
export { checkKeyRing } from './tracker/key-ring-check.ts';
export type { AskedFor, Performed } from './tracker/keyed-identity.ts';
export { answersTag, takesCondition } from './tracker/tagged-operations.ts';
export type {
  Actor,
  ArtifactInspector,
  CallContext,
  Inspection,
  Outcome,
  Tracker,
  TrackerParts,
} from './tracker/tracker.ts';
export { type Variable, type VariableType, variableContext, variableTypes } from './variable/variable.ts';
export { type CamelCase, type Camelized, fromWire, opaqueFields, toWire } from './wire/casing.ts';
export {
  type CheckedInput,
  type OperationAnswer,
  type OperationInput,
  type Schemas,
  schemas,
} from './wire/contract.ts';
export { fromProblem, type Problem, statusOf, toProblem } from './wire/problem.ts';
export {
  type ReferenceOperationName,
  type ReferenceOperations,
  referenceOperations,
  referenceWords,
  withArticle,
} from './wire/reference-routes.ts';
export { type OperationName, pathsOf, type Route, routes } from './wire/routes.ts';
export {
  type CheckedTransfer,
  checkTransfer,
  type TransferAnswer,
  transferSchemas,
} from './wire/transfer-contract.ts';
export { maxUploadParts, serverScheme, type TransferName, transferRoutes } from './wire/transfer-routes.ts';
export { checkAgainst, checkInput, ignoredWarnings, type RawInput } from './wire/validate.ts';
export { textJson, toWireJson } from './wire/wire-json.ts';
