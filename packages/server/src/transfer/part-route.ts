import {
  type Actor,
  type ArtifactBackend,
  type Clock,
  LimitError,
  toWire,
  type UploadedPart,
} from '@buildstate/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Limits } from '../app/limits.ts';
import { actorOf } from '../auth/guard.ts';
import { HttpError } from '../errors/http-error.ts';
import type { BodyWatch } from '../http/body-watch.ts';
import { collectBody } from '../http/collect-body.ts';
import { transferSchema } from '../openapi/transfer-schema.ts';
import { ByteBudget } from './byte-budget.ts';
import { GivenUpUploads } from './given-up-uploads.ts';
import { SpareBuffers } from './spare-buffers.ts';
import { checkedInput, transferOptions } from './transfer-route.ts';
import type { UploadFacts } from './upload-token.ts';

/** What the part endpoint is built on. */
export interface PartParts {
  /** Keeps the bytes of this server. */
  readonly backend: ArtifactBackend;
  /** For waits. */
  readonly clock: Clock;
  /** Sizes and times. */
  readonly limits: Limits;
  /** Deadlines of parts. */
  readonly watch: BodyWatch;
  /** The upload that an id stands for, if the caller may go on with it. */
  readonly uploadOf: (id: string, actor: Actor) => UploadFacts;
}

/** Bytes per second below which a part holds memory for too long. */
const slowest = 16 * 1024;

function announcedLength(request: FastifyRequest, largest: number): number {
  const text = request.headers['content-length'];
  if (text === undefined) {
    throw new HttpError(
      'length_required',
      'A part needs Content-Length, so that its end is known for certain.',
    );
  }
  const length = Number(text);
  if (length <= largest) return length;
  throw new LimitError(`Parts of this upload have at most ${largest} bytes; this one has ${length}.`, {
    context: { limit_bytes: largest },
  });
}

/** Registers the endpoint that takes parts: raw bytes, held in memory only within a budget over all uploads. */
export async function registerPart(app: FastifyInstance, parts: PartParts): Promise<void> {
  const { backend, clock, limits, watch } = parts;
  const budget = new ByteBudget(limits.partMemoryBytes, clock);

  const spare = new SpareBuffers(limits.partMemoryBytes);
  const givenUp = new GivenUpUploads(backend, app.log);

  async function receive(request: FastifyRequest, into: Buffer, bytes: number): Promise<Buffer> {
    const { stallMs } = limits;
    const totalMs = stallMs + (bytes / slowest) * 1000;
    return await collectBody(request.raw, { bytes, stallMs, totalMs, into }, watch);
  }

  /** Receives and stores one part. Its memory is used again once the backend has settled. */
  async function store(request: FastifyRequest, upload: UploadFacts, number: number): Promise<UploadedPart> {
    const { handle, partBytes } = upload;
    const length = announcedLength(request, partBytes);
    const giveBack = await budget.take(length, limits.bodyMs);
    const buffer = spare.take(length);
    try {
      const bytes = await receive(request, buffer, length);
      const part = { number, offset: (number - 1) * partBytes, bytes };
      return await givenUp.during(handle, () => backend.uploadPart(handle, part));
    } finally {
      spare.give(buffer);
      giveBack();
    }
  }

  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    // The handler reads the body itself, once there is memory for it.
    scope.addContentTypeParser('application/octet-stream', (_request, _payload, done) => done(null));
    scope.route({
      ...transferOptions('uploadPart'),
      schema: transferSchema('uploadPart'),
      handler: async (request) => {
        const { params } = checkedInput('uploadPart', request);
        const upload = parts.uploadOf(params.uploadId, actorOf(request));
        const { number, size, tag } = await store(request, upload, params.number);
        return toWire({ number, sizeBytes: size, tag });
      },
    });
  });
}
