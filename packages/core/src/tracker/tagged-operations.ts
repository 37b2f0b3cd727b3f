import type { JsonValue } from '../build/build.ts';
import { ValidationError } from '../errors/validation-error.ts';
import type { Crypto } from '../ports/crypto.ts';
import { referenceKinds } from '../project/reference.ts';
import { referenceOperations } from '../wire/reference-routes.ts';
import { type OperationName, type Route, routes } from '../wire/routes.ts';
import { contentTag } from './entity-tags.ts';
import type { CallContext } from './tracker.ts';

type Names = ReadonlySet<string>;

const references = referenceKinds.map((kind) => referenceOperations(kind));

/** Operations that answer one build, whose tag is its version. */
const answerBuild: Names = new Set<OperationName>([
  'createBuild',
  'getBuild',
  'updateBuild',
  'retryBuild',
  'rollbackBuild',
  'cancelBuild',
  'forkBuild',
]);

/** Operations that answer one record whose tag is made of its content. */
const answerRecord: Names = new Set<string>([
  'getStateCode',
  'createStateCode',
  'putStateCode',
  'putRetryPolicy',
  'getResumableState',
  'createResumableState',
  'putResumableState',
  'getArtifact',
  'registerArtifact',
  'updateArtifact',
  'verifyArtifact',
  'promoteArtifact',
  'pinArtifact',
  'requestResume',
  'getResumeRequest',
  'updateResumeRequest',
  'linkJob',
  'updateJob',
  ...references.flatMap(({ create, get, update }) => [create, get, update]),
]);

/** Operations whose answer's tag is not made of what they answer. */
const answerOwnTag: Names = new Set<OperationName>([
  'createProject',
  'getProject',
  'updateProject',
  'getRetryPolicy',
  'getRetention',
  'putRetention',
  'getVariable',
  'setVariable',
  'updateVariable',
]);

/** Changes of what belongs to no build that can depend on a tag. Those of builds all can, but for heartbeats. */
const conditional: Names = new Set<string>([
  'updateProject',
  'deleteProject',
  'putStateCode',
  'deprecateStateCode',
  'putRetryPolicy',
  'putRetention',
  'deleteRetention',
  'putResumableState',
  'deleteResumableState',
  'updateResumeRequest',
  ...references.flatMap(({ update, delete: remove }) => [update, remove]),
]);

/** The tag of what an operation answers; `undefined` for lists and for what has none. */
export function tagOfAnswer(
  operation: OperationName,
  body: unknown,
  crypto: Pick<Crypto, 'sha256Hex'>,
): string | undefined {
  if (answerBuild.has(operation)) return String((body as { readonly version: JsonValue }).version);
  return answerRecord.has(operation) ? contentTag(crypto, body as object) : undefined;
}

/** Whether an operation's answer has a tag. */
export function answersTag(operation: OperationName): boolean {
  return [answerBuild, answerRecord, answerOwnTag].some((names) => names.has(operation));
}

/** Whether an operation is a change that can depend on a tag. */
export function takesCondition(operation: OperationName): boolean {
  const { method, path }: Route = routes[operation];
  if (method === 'GET') return false;
  // A heartbeat changes no version, so it cannot depend on one.
  return conditional.has(operation) || (path.startsWith('/builds/{build_id}') && operation !== 'renewLease');
}

/** @throws ValidationError for a condition that could not be honoured: ignoring it would be worse than refusing it */
export function checkConditional(operation: OperationName, { ifMatch }: CallContext): void {
  if (ifMatch === undefined || routes[operation].method === 'GET' || takesCondition(operation)) return;
  const message = 'is understood for changes of single things that have an ETag; leave it out here';
  throw new ValidationError(`If-Match ${message}.`, { problems: [{ path: 'If-Match', message }] });
}
