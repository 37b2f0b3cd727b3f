import type { OperationName } from '@buildstate/core';
import { referenceKinds, referenceOperations } from '@buildstate/core/routes';

/** Where an operation carries the client-made id by which a repetition of it is known as one. */
const onceFields: Partial<Readonly<Record<OperationName, 'id' | 'eventId'>>> = {
  createProject: 'id',
  createBuild: 'id',
  registerArtifact: 'id',
  linkJob: 'id',
  updateBuild: 'eventId',
  recordState: 'eventId',
  recordFailure: 'eventId',
  rejectReport: 'eventId',
  retryBuild: 'eventId',
  rollbackBuild: 'eventId',
  cancelBuild: 'eventId',
  acquireLease: 'eventId',
  requestResume: 'eventId',
  ...Object.fromEntries(referenceKinds.map((kind) => [referenceOperations(kind).create, 'id' as const])),
};

/** Operations whose body is a list of what other operations take one of. */
const listsOf: Partial<Readonly<Record<OperationName, OperationName>>> = { recordStates: 'recordState' };

/** Whether a body has what makes its operation safe to repeat; true for operations that need nothing. */
export function carriesOnceId(operation: OperationName, body: unknown): boolean {
  const member = listsOf[operation];
  if (member !== undefined) return Array.isArray(body) && body.every((one) => carriesOnceId(member, one));
  const field = onceFields[operation];
  if (field === undefined) return true;
  return typeof body === 'object' && body !== null && (body as Record<string, unknown>)[field] !== undefined;
}

/** The body with an id of its own, unless it has one. Called once per logical call, before any try of it. */
export function withOnceId(operation: OperationName, body: unknown, makeId: () => string): unknown {
  const member = listsOf[operation];
  if (member !== undefined) return (body as readonly unknown[]).map((one) => withOnceId(member, one, makeId));
  const field = onceFields[operation];
  if (field === undefined || carriesOnceId(operation, body)) return body;
  return { ...(body as object | undefined), [field]: makeId() };
}
