import { type OperationName, type Route, ValidationError, VersionConflictError } from '@buildstate/core';
import { HttpError } from '../errors/http-error.ts';

const tag = /^"(\d{1,15})"$/;

/**
 * The version that `If-Match` asks for; `undefined` when it asks for none, or for any (`*`).
 * @throws ValidationError where it cannot be honoured, because ignoring a condition would be worse than refusing it
 * @throws HttpError `precondition_failed` when it is not the tag of a build
 */
export function versionAskedFor(
  header: string | undefined,
  name: OperationName,
  route: Route,
): number | undefined {
  if (header === undefined || route.method === 'GET' || header.trim() === '*') return undefined;
  // A heartbeat changes no version, so it cannot depend on one.
  if (!route.path.startsWith('/builds/{build_id}') || name === 'renewLease') {
    const message = 'is understood for changes of builds only; leave it out here';
    throw new ValidationError(`If-Match ${message}.`, { problems: [{ path: 'If-Match', message }] });
  }
  const version = tag.exec(header.trim())?.[1];
  if (version !== undefined) return Number(version);
  throw new HttpError('precondition_failed', 'If-Match must be one ETag of the build, such as "7".');
}

/** A lost version as HTTP has it: 412 when the caller set the condition. */
export function asPrecondition(error: unknown, asked: number | undefined): unknown {
  if (asked === undefined || !(error instanceof VersionConflictError)) return error;
  return new HttpError('precondition_failed', error.message, { cause: error, context: error.context });
}
