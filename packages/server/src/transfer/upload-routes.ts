import {
  type Actor,
  type ArtifactBackend,
  type CheckedTransfer,
  type Clock,
  type Crypto,
  type Ids,
  maxUploadParts,
  NotFoundError,
  type ObjectInfo,
  type Tracker,
  type TransferAnswer,
  type TransferName,
  toWire,
} from '@buildstate/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Limits } from '../app/limits.ts';
import { actorOf } from '../auth/guard.ts';
import type { BodyWatch } from '../http/body-watch.ts';
import { transferSchema } from '../openapi/transfer-schema.ts';
import { keyOf, replayedHeader } from '../routes/idempotency-key.ts';
import { serverPath, uploadKey } from './artifact-key.ts';
import { type Completion, completeUpload } from './complete-upload.ts';
import { registerPart } from './part-route.ts';
import { partSize } from './part-size.ts';
import { checkedInput, transferOptions } from './transfer-route.ts';
import { openUpload, sealUpload, type UploadFacts } from './upload-token.ts';

/** What the upload endpoints are built on. */
export interface UploadParts {
  /** Knows builds, and who may see them. */
  readonly tracker: Tracker;
  /** Keeps the bytes of this server. */
  readonly backend: ArtifactBackend;
  /** Hashes what was stored, and signs upload ids. */
  readonly crypto: Crypto;
  /** Makes keys unique. */
  readonly ids: Ids;
  /** For waits. */
  readonly clock: Clock;
  /** Sizes and times. */
  readonly limits: Limits;
  /** Deadlines of parts. */
  readonly watch: BodyWatch;
}

/** An upload that the caller may go on with. @throws NotFoundError for others, so that nobody learns of them */
function uploadOf(id: string, actor: Actor, crypto: Crypto): UploadFacts {
  const facts = openUpload(id, crypto.keys);
  if (actor.projectId === null || actor.projectId === facts.projectId) return facts;
  throw new NotFoundError('There is no such upload in the project of this key.');
}

async function begin(
  { params, body }: CheckedTransfer<'createUpload'>,
  actor: Actor,
  parts: UploadParts,
): Promise<TransferAnswer<'createUpload'>> {
  const { body: build } = await parts.tracker.perform(
    'getBuild',
    { params: { build_id: params.buildId } },
    { actor },
  );
  const partBytes = partSize(body.sizeBytes, parts.limits.partBytes);
  const key = uploadKey({
    buildId: build.id,
    project: build.project,
    buildNumber: build.buildNumber,
    state: body.stateCode,
    filename: body.filename,
    unique: parts.ids.uuid(),
  });
  const handle = await parts.backend.createUpload(
    key,
    body.contentType === undefined ? {} : { contentType: body.contentType },
  );
  const facts = { buildId: build.id, projectId: build.projectId, handle, partBytes };
  return {
    uploadId: sealUpload(facts, parts.crypto.keys),
    artifactPath: serverPath(key),
    storageBackend: 'server',
    storageKey: key,
    partSizeBytes: partBytes,
    maxParts: maxUploadParts,
  };
}

function completed(info: ObjectInfo, sha256: string): TransferAnswer<'completeUpload'> {
  const { key, size, version } = info;
  return { artifactPath: serverPath(key), storageKey: key, sizeBytes: size, sha256, version };
}

/** Registers the endpoints that take artifacts onto the server's own disk. */
export async function registerUploads(app: FastifyInstance, parts: UploadParts): Promise<void> {
  const { backend, crypto } = parts;
  /** Completions under way: a client that lost patience and asks again joins the first one's hashing. */
  const underWay = new Map<string, Promise<ObjectInfo>>();

  function finish(id: string, facts: UploadFacts, completion: Completion): Promise<ObjectInfo> {
    const name = `${id} ${JSON.stringify(completion)}`;
    const known = underWay.get(name);
    if (known !== undefined) return known;
    const work = completeUpload(facts, completion, parts).finally(() => underWay.delete(name));
    underWay.set(name, work);
    return work;
  }

  async function once(
    operation: TransferName,
    request: FastifyRequest,
    reply: FastifyReply,
    run: () => Promise<object>,
  ): Promise<unknown> {
    const { params, body } = request;
    const context = { actor: actorOf(request), idempotencyKey: keyOf(request) };
    const outcome = await parts.tracker.once({ operation, input: { params, body } }, context, run);
    if (outcome.replayed === true) reply.header(replayedHeader, 'true');
    return toWire(outcome.body);
  }

  app.route({
    ...transferOptions('createUpload'),
    schema: transferSchema('createUpload'),
    handler: async (request, reply) => {
      reply.code(201);
      const input = checkedInput('createUpload', request);
      return once('createUpload', request, reply, () => begin(input, actorOf(request), parts));
    },
  });

  await registerPart(app, { ...parts, uploadOf: (id, actor) => uploadOf(id, actor, crypto) });

  app.route({
    ...transferOptions('listParts'),
    schema: transferSchema('listParts'),
    handler: async (request) => {
      const { params } = checkedInput('listParts', request);
      const { handle } = uploadOf(params.uploadId, actorOf(request), crypto);
      const listed = await backend.listParts(handle);
      return toWire({
        uploadKnown: listed.uploadKnown,
        parts: listed.parts.map(({ number, size, tag }) => ({ number, sizeBytes: size, tag })),
      });
    },
  });

  const completion = transferOptions('completeUpload');
  app.route({
    ...completion,
    config: { ...completion.config, bodyBytes: parts.limits.completionBytes },
    schema: transferSchema('completeUpload'),
    handler: async (request, reply) => {
      const { params, body } = checkedInput('completeUpload', request);
      const facts = uploadOf(params.uploadId, actorOf(request), crypto);
      return once('completeUpload', request, reply, async () =>
        completed(await finish(params.uploadId, facts, body), body.sha256),
      );
    },
  });

  app.route({
    ...transferOptions('abortUpload'),
    schema: transferSchema('abortUpload'),
    handler: async (request, reply) => {
      const { params } = checkedInput('abortUpload', request);
      await backend.abortUpload(uploadOf(params.uploadId, actorOf(request), crypto).handle);
      return reply.code(204).send();
    },
  });
}
