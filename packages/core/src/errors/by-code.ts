import { AlreadyExistsError } from './already-exists-error.ts';
import { BlockedError } from './blocked-error.ts';
import { BuildClosedError } from './build-closed-error.ts';
import type { BuildStateError, ErrorDetails } from './buildstate-error.ts';
import { ConfigurationError } from './configuration-error.ts';
import { ForbiddenError } from './forbidden-error.ts';
import { IllegalTransitionError } from './illegal-transition-error.ts';
import { IntegrityError } from './integrity-error.ts';
import { KeyReusedError } from './key-reused-error.ts';
import { KeyRingError } from './key-ring-error.ts';
import { LeaseLostError } from './lease-lost-error.ts';
import { LimitError } from './limit-error.ts';
import { MalformedError } from './malformed-error.ts';
import { MissingPrerequisitesError } from './missing-prerequisites-error.ts';
import { NoSpaceError } from './no-space-error.ts';
import { NotFoundError } from './not-found-error.ts';
import { NotPromotableError } from './not-promotable-error.ts';
import { NotResumableError } from './not-resumable-error.ts';
import { NotSupportedError } from './not-supported-error.ts';
import { PinnedError } from './pinned-error.ts';
import { PreconditionFailedError } from './precondition-failed-error.ts';
import { RequestInFlightError } from './request-in-flight-error.ts';
import { StateInProgressError } from './state-in-progress-error.ts';
import { StorageChangedError } from './storage-changed-error.ts';
import { StorageError } from './storage-error.ts';
import { StorageExistsError } from './storage-exists-error.ts';
import { StorageNotFoundError } from './storage-not-found-error.ts';
import { StoreError } from './store-error.ts';
import { TimeoutError } from './timeout-error.ts';
import { UnauthenticatedError } from './unauthenticated-error.ts';
import { UnavailableError } from './unavailable-error.ts';
import { UnreachableError } from './unreachable-error.ts';
import { ValidationError } from './validation-error.ts';
import { VersionConflictError } from './version-conflict-error.ts';

/** The class of each error code, to make the same error out of what came over the wire. */
export const errorClasses: Readonly<
  Record<string, new (message: string, details?: ErrorDetails) => BuildStateError>
> = {
  already_exists: AlreadyExistsError,
  artifact_pinned: PinnedError,
  blocked_by_branches: BlockedError,
  build_closed: BuildClosedError,
  configuration: ConfigurationError,
  forbidden: ForbiddenError,
  illegal_transition: IllegalTransitionError,
  integrity: IntegrityError,
  key_ring: KeyRingError,
  key_reused: KeyReusedError,
  lease_lost: LeaseLostError,
  limit_exceeded: LimitError,
  malformed: MalformedError,
  missing_prerequisites: MissingPrerequisitesError,
  no_space: NoSpaceError,
  not_found: NotFoundError,
  not_promotable: NotPromotableError,
  not_resumable: NotResumableError,
  not_supported: NotSupportedError,
  precondition_failed: PreconditionFailedError,
  request_in_flight: RequestInFlightError,
  state_in_progress: StateInProgressError,
  storage_changed: StorageChangedError,
  storage_failed: StorageError,
  storage_exists: StorageExistsError,
  storage_not_found: StorageNotFoundError,
  store_failed: StoreError,
  timeout: TimeoutError,
  unauthenticated: UnauthenticatedError,
  unavailable: UnavailableError,
  unreachable: UnreachableError,
  validation_failed: ValidationError,
  version_conflict: VersionConflictError,
};
