import { parseChecksum } from '../artifact/checksum.ts';
import { checkPlace, placeWarnings } from '../artifact/storage-type.ts';
import type { JsonObject, JsonValue } from '../build/build.ts';
import { resolveStateName } from '../build/catalogue.ts';
import type { StateReport } from '../build/report.ts';
import type { BuildSnapshot } from '../build/snapshot.ts';
import { type ReportedStatus, reportedStatusSpellings } from '../build/status.ts';
import type { TransitionKind } from '../build/transition-table.ts';
import { ValidationError } from '../errors/validation-error.ts';
import { type Redactor, redactJson } from '../text/redact.ts';
import type { CheckedInput } from '../wire/contract.ts';

type Body = CheckedInput<'recordState'>['body'];

const kinds: Readonly<Record<ReportedStatus, TransitionKind>> = {
  in_progress: 'start',
  completed: 'complete',
  failed: 'fail',
  skipped: 'skip',
};

function invalid(path: string, message: string): ValidationError {
  return new ValidationError(`${path} ${message}.`, { problems: [{ path, message }] });
}

/** The state that a report names in one of its three ways. @throws ValidationError, NotFoundError */
export function reportedState(
  body: Pick<Body, 'state' | 'stateCode' | 'stateName'>,
  snapshot: BuildSnapshot,
  fallback?: number,
): number {
  const byName =
    body.stateName === undefined ? undefined : resolveStateName(snapshot.project.stateCodes, body.stateName);
  const named = [body.state, body.stateCode, byName].filter((code) => code !== undefined);
  const [state = fallback] = named;
  if (state === undefined) throw invalid('state', 'is required: give state, state_code or state_name');
  if (named.some((code) => code !== state)) {
    throw invalid('state', `contradicts itself: it says ${[...new Set(named)].join(' and ')}`);
  }
  return state;
}

/** Checks the five artifact fields together. @throws ValidationError */
function artifactOf(body: Body) {
  const { artifactStorageType: type = null, artifactStoragePath: path = null } = body;
  if ((type === null) !== (path === null)) {
    const absent = type === null ? 'artifact_storage_type' : 'artifact_storage_path';
    throw invalid(absent, 'is required: storage type and path come together or not at all');
  }
  const alone = ['artifactSizeBytes', 'artifactChecksum', 'artifactMetadata', 'artifactName'] as const;
  if (path === null && alone.some((field) => body[field] !== undefined)) {
    throw invalid('artifact_storage_path', 'is required when the report describes an artifact');
  }
  const named = ['artifactType', 'artifactVerificationStatus'] as const;
  if (body.artifactName === undefined && named.some((field) => body[field] !== undefined)) {
    throw invalid('artifact_name', 'is required where the report says what is to be registered');
  }
  if (type !== null && path !== null) checkPlace(type, path, 'artifact_storage_path');
  if (body.artifactChecksum !== undefined) parseChecksum(body.artifactChecksum, 'artifact_checksum');
  return {
    artifactStorageType: type,
    artifactStoragePath: path,
    artifactSizeBytes: body.artifactSizeBytes ?? null,
    artifactChecksum: body.artifactChecksum ?? null,
    artifactMetadata: (body.artifactMetadata ?? null) as JsonObject | null,
  };
}

/** What is worth saying of a report's artifact without refusing it. */
export function artifactWarnings(
  path: string | null | undefined,
  checksum: string | null | undefined,
): string[] {
  const weak = checksum ? parseChecksum(checksum).algorithm === 'md5' : false;
  return [
    ...(path ? placeWarnings(path) : []),
    ...(weak ? ['MD5 finds accidents, but is no proof against tampering; send sha256:<hex>.'] : []),
  ];
}

/**
 * A checked body as the report that decisions understand: state resolved, texts redacted.
 * @throws ValidationError, NotFoundError for an unknown state name
 */
export function toReport(
  body: Body,
  snapshot: BuildSnapshot,
  eventId: string,
  redact: Redactor,
): StateReport {
  const status = reportedStatusSpellings[body.status ?? 'completed'] ?? 'completed';
  const failing = status === 'failed';
  const { startTime = null, endTime = null } = body;
  if (startTime !== null && endTime !== null && endTime < startTime)
    throw invalid('end_time', 'lies before start_time');
  const text = (value: string | undefined) => (value === undefined ? null : redact(value));
  const json = <T extends JsonValue>(value: T) => redactJson(value, redact);
  const artifact = artifactOf(body);
  return {
    kind: kinds[status],
    state: reportedState(body, snapshot, failing ? snapshot.build.currentState : undefined),
    eventId,
    message: text(body.message),
    startTime,
    endTime,
    errorMessage: text(body.errorMessage) ?? (failing ? text(body.message) : null),
    errorCode: text(body.errorCode),
    component: text(body.component),
    errorDetails: json((body.errorDetails ?? null) as JsonValue),
    category: body.category,
    isRetryable: body.isRetryable,
    metadata: json((body.metadata ?? {}) as JsonObject),
    reportedBy: text(body.reportedBy),
    jobId: text(body.jobId),
    leaseToken: body.leaseToken ?? null,
    takeover: body.takeover ?? false,
    artifactStorageType: artifact.artifactStorageType,
    artifactStoragePath: artifact.artifactStoragePath,
    artifactSizeBytes: artifact.artifactSizeBytes,
    artifactChecksum: artifact.artifactChecksum,
    artifactMetadata: json(artifact.artifactMetadata),
  };
}
