export type { ActorRecord, Actors, Erasure } from './actors.ts';
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
} from './artifact-backend.ts';
export type { Clock } from './clock.ts';
export type { Crypto, KeyRing, SealedBox, Sha256 } from './crypto.ts';
export type { Duties, Duty, DutyClaim, DutyEnd, DutyOutcome } from './duties.ts';
export type { EventStream, StreamedEvent, StreamPart, StreamQuery } from './event-stream.ts';
export type { EndedBuildQuery, Histories, HistoryCut } from './history.ts';
export type { Ids } from './ids.ts';
export type { KeyedRequest, KeyedRequests, RequestClaim } from './keyed-requests.ts';
export { type LogFields, type Logger, silentLogger } from './logger.ts';
export type { Page, PageQuery } from './page.ts';
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
  ResumeRequestSearch,
  Stretch,
} from './searches.ts';
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
} from './state-store.ts';
export type { StoreInspection, StoreInspections } from './store-inspection.ts';
export type { StoreUpkeep } from './store-upkeep.ts';
export type { StoreHint, WatchedStore } from './store-watch.ts';
export type { NextStates, StateRange, WaitingBuild, WaitingBuilds, WaitingQuery } from './waiting-builds.ts';
export type { WholeBuild, WholeBuilds } from './whole-builds.ts';
