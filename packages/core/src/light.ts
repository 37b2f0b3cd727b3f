/**
 * What programs that must start fast need of the core at run time: everything here is free of zod and of the
 * schemas. Types come from the main entry with `import type`, which costs nothing.
 */

export { actorIdsIn, isActorId, isActorName, newActorId, shownName } from './actor/actor-id.ts';
export { type Checksum, parseChecksum } from './artifact/checksum.ts';
export { type ArtifactPlace, checkStorageKey, defaultKey, safeSegment } from './artifact/storage-key.ts';
export { canonicalBackend } from './artifact/storage-type.ts';
export { resolveStateName } from './build/catalogue.ts';
export { hasEnded } from './build/closed.ts';
export { attemptStatuses, type ReportedStatus, reportedStatusSpellings } from './build/status.ts';
export { timestamp } from './build/timestamp.ts';
export {
  AlreadyExistsError,
  BuildClosedError,
  BuildStateError,
  ConfigurationError,
  type ErrorDetails,
  type ErrorKind,
  type FieldProblem,
  ForbiddenError,
  IllegalTransitionError,
  IntegrityError,
  KeyReusedError,
  KeyRingError,
  LeaseLostError,
  LimitError,
  MalformedError,
  MissingPrerequisitesError,
  NoSpaceError,
  NotFoundError,
  NotPromotableError,
  NotResumableError,
  NotSupportedError,
  type Persistence,
  PinnedError,
  PreconditionFailedError,
  RemoteError,
  RequestInFlightError,
  StateInProgressError,
  StorageChangedError,
  StorageError,
  type StorageErrorDetails,
  StorageExistsError,
  StorageNotFoundError,
  StoreError,
  TimeoutError,
  UnauthenticatedError,
  UnavailableError,
  UnreachableError,
  ValidationError,
  VersionConflictError,
} from './errors/index.ts';
export { findBreak } from './event/find-break.ts';
export { matchesEvent } from './event/matches-event.ts';
export { noPosition, placeOf, positionOf, streamStart } from './event/position.ts';
export { defaultLeaseSeconds, isLive } from './lease/lease.ts';
export { compareKeys, compareText, type SortKey } from './lists/compare.ts';
export { decodeCursor, encodeCursor } from './lists/cursor.ts';
export { mapConcurrently } from './lists/map-concurrently.ts';
export { type Order, pageOf, sorted } from './lists/page.ts';
export { type LogFields, type Logger, silentLogger } from './ports/logger.ts';
export { mostRecentDocuments } from './ports/searches.ts';
export { referenceKinds } from './project/reference.ts';
export { checkpointIn, isSignedCheckpoint } from './retention/checkpoint.ts';
export { canonicalJson } from './text/canonical-json.ts';
export { nearestNames } from './text/nearest-names.ts';
export { isUuid, uuidOf } from './text/uuid.ts';
export { variableContext } from './variable/variable.ts';
export { type CamelCase, type Camelized, fromWire, opaqueFields, toWire } from './wire/casing.ts';
export { fromProblem, type Problem, statusOf, toProblem } from './wire/problem.ts';
export { type OperationName, type Route, routes } from './wire/routes.ts';
export { maxUploadParts, serverScheme, type TransferName, transferRoutes } from './wire/transfer-routes.ts';
export { textJson } from './wire/wire-json.ts';
