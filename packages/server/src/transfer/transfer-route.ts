import {
  type CheckedTransfer,
  checkTransfer,
  type Scope,
  type TransferName,
  transferRoutes,
} from '@buildstate/core';
import type { FastifyRequest } from 'fastify';
import { fastifyPath } from '../routes/fastify-path.ts';

/** The input of a transfer endpoint, checked against its schemas. @throws ValidationError */
export function checkedInput<K extends TransferName>(name: K, request: FastifyRequest): CheckedTransfer<K> {
  const { params, query } = request;
  return checkTransfer(name, { params, query, body: request.body });
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
