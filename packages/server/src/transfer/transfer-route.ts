import {
  type CheckedTransfer,
  checkTransfer,
  type Scope,
  type TransferName,
  transferRoutes,
  ValidationError,
} from '@buildstate/core';
import type { FastifyRequest } from 'fastify';
import { fastifyPath } from '../routes/fastify-path.ts';

/** The input of a transfer endpoint, checked against its schemas. @throws ValidationError */
export function checkedInput<K extends TransferName>(name: K, request: FastifyRequest): CheckedTransfer<K> {
  const { params, query, body, ignoredFields } = request;
  refuseConditions(name, request);
  return checkTransfer(name, { params, query, body }, ignoredFields);
}

/** @throws ValidationError for a condition on what has no version: ignoring it would be worse than refusing it */
function refuseConditions(name: TransferName, { headers }: FastifyRequest): void {
  if (name === 'getArtifactContent') return;
  const path = headers['if-match'] === undefined ? 'If-None-Match' : 'If-Match';
  if (headers[path.toLowerCase()] === undefined) return;
  const message = 'is not understood here; leave it out';
  throw new ValidationError(`${path} ${message}.`, { problems: [{ path, message }] });
}

/** What Fastify needs to know of a transfer endpoint besides its handler. */
export function transferOptions(name: TransferName): {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly config: { readonly scope: Scope | null };
} {
  const { method, path, scope } = transferRoutes[name];
  return { method, url: fastifyPath(path), config: { scope } };
}
