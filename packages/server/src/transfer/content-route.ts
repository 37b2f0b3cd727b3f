import { Readable } from 'node:stream';
import {
  type ArtifactBackend,
  IntegrityError,
  NotFoundError,
  type ObjectInfo,
  type OperationAnswer,
  type StateStore,
  StorageChangedError,
  type Tracker,
} from '@buildstate/core';
import type { SignedRecord } from '@buildstate/transfer';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { actorOf } from '../auth/guard.ts';
import { HttpError } from '../errors/http-error.ts';
import { contentSchema } from '../openapi/transfer-schema.ts';
import { isServerPath, ownKey } from './artifact-key.ts';
import { parseRange } from './byte-range.ts';
import { entityTag, namesTag } from './entity-tag.ts';
import { checkedInput, transferOptions } from './transfer-route.ts';

/** What the content endpoint is built on. */
export interface ContentParts {
  /** Knows artifacts. */
  readonly tracker: Tracker;
  /** Knows which builds are of one project. */
  readonly store: Pick<StateStore, 'loadBuild'>;
  /** Keeps the bytes of this server. */
  readonly backend: ArtifactBackend;
  /** Checks that a record says of its bytes what was signed. @throws IntegrityError */
  readonly checkSignature: (artifact: SignedRecord) => void;
}

type ArtifactAnswer = OperationAnswer<'getArtifact'>;

/** @throws NotFoundError, HttpError `stored_elsewhere`, IntegrityError when there is nothing to deliver */
async function keyOf(artifact: ArtifactAnswer, store: ContentParts['store']): Promise<string> {
  const { artifactName, artifactPath, storageBackend, deletedAt, verificationStatus } = artifact;
  if (deletedAt !== null) throw new NotFoundError(`Artifact ${artifactName} was deleted.`);
  if (!isServerPath(artifactPath)) {
    throw new HttpError(
      'stored_elsewhere',
      `The bytes of ${artifactName} are not on this server but at ${artifactPath}: read them there.`,
      { context: { artifact_path: artifactPath, storage_backend: storageBackend } },
    );
  }
  if (verificationStatus === 'corrupt') {
    throw new IntegrityError(
      `The bytes of ${artifactName} are damaged and not delivered. Make the artifact again.`,
    );
  }
  const key = await ownKey(store, artifact);
  if (key === undefined) {
    throw new NotFoundError(
      `${artifactPath} is not a place of artifacts of this build's project on this server.`,
    );
  }
  return key;
}

async function look(artifact: ArtifactAnswer, key: string, backend: ArtifactBackend): Promise<ObjectInfo> {
  const info = await backend.stat(key);
  if (info === undefined) throw new NotFoundError(`The bytes of ${artifact.artifactName} are gone.`);
  if (artifact.sizeBytes === null || artifact.sizeBytes === info.size) return info;
  throw new IntegrityError(
    `${artifact.artifactName} has ${info.size} bytes where ${artifact.sizeBytes} were recorded. It is not delivered.`,
    { context: { expected_size: artifact.sizeBytes, actual_size: info.size } },
  );
}

function describe(artifact: ArtifactAnswer, info: ObjectInfo, reply: FastifyReply): void {
  const name = encodeURIComponent(artifact.artifactName).replaceAll("'", '%27');
  reply.headers({
    'accept-ranges': 'bytes',
    'content-disposition': `attachment; filename*=UTF-8''${name}`,
    // What users stored must not run under the server's own address.
    'content-security-policy': "default-src 'none'; sandbox",
    etag: entityTag(info.version),
  });
}

/** A media type that may stand in a header, else that of plain bytes. */
function mediaType(text: string | null): string {
  return text !== null && /^[\w.+-]+\/[\w.+-]+(; ?[\w-]+=[\w."-]+)*$/.test(text)
    ? text
    : 'application/octet-stream';
}

async function send(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: ContentParts,
): Promise<FastifyReply> {
  const { params } = checkedInput('getArtifactContent', request);
  const input = { params: { build_id: params.buildId, artifact_id: params.artifactId } };
  const { body: artifact } = await parts.tracker.perform('getArtifact', input, { actor: actorOf(request) });
  const key = await keyOf(artifact, parts.store);
  parts.checkSignature(artifact);
  const info = await look(artifact, key, parts.backend);
  const tag = entityTag(info.version);
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch, 'if-range': ifRange, range } = request.headers;
  if (ifMatch !== undefined && !namesTag(ifMatch, tag)) throw changed(artifact.artifactName);
  describe(artifact, info, reply);
  if (ifNoneMatch !== undefined && namesTag(ifNoneMatch, tag)) return reply.code(304).send();

  const wanted = ifRange === undefined || ifRange === tag ? parseRange(range, info.size) : 'everything';
  if (wanted === 'outside') {
    throw new HttpError(
      'content_range',
      `${artifact.artifactName} has ${info.size} bytes; ask within them.`,
      {
        headers: { 'content-range': `bytes */${info.size}` },
      },
    );
  }
  const { start, end } = wanted === 'everything' ? { start: 0, end: info.size } : wanted;
  if (wanted !== 'everything')
    reply.code(206).header('content-range', `bytes ${start}-${end - 1}/${info.size}`);
  reply.type(mediaType(artifact.contentType)).header('content-length', end - start);
  if (request.method === 'HEAD' || end === start) return reply.send();
  return reply.send(await open(parts.backend, key, { start, end, ifVersion: info.version }, artifact));
}

function changed(name: string): HttpError {
  return new HttpError('precondition_failed', `${name} is not the version that If-Match names any more.`);
}

async function open(
  backend: ArtifactBackend,
  key: string,
  options: { readonly start: number; readonly end: number; readonly ifVersion: string },
  artifact: ArtifactAnswer,
): Promise<Readable> {
  try {
    const { body } = await backend.read(key, options);
    return Readable.from(body, { objectMode: false });
  } catch (error) {
    if (error instanceof StorageChangedError) throw changed(artifact.artifactName);
    throw error;
  }
}

/**
 * Registers the endpoint that delivers artifacts from the server's own disk. HEAD is a route of its own here: the one
 * that Fastify makes of a GET answers a length of 0.
 */
export function registerContent(app: FastifyInstance, parts: ContentParts): void {
  const route = {
    ...transferOptions('getArtifactContent'),
    handler: (request: FastifyRequest, reply: FastifyReply) => send(request, reply, parts),
  };
  app.route({ ...route, exposeHeadRoute: false, schema: contentSchema });
  app.route({ ...route, method: 'HEAD', schema: { hide: true } });
}
