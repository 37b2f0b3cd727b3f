import { timingSafeEqual } from 'node:crypto';
import type { Actor } from '@buildstate/core';
import { hashSecret } from './api-key.ts';

/** The keys that everybody knows, for trying things out on one machine. */
const keys: readonly (readonly [key: string, actor: Actor])[] = [
  ['readonly-key-888', { id: 'dev-readonly', scopes: ['read'], projectId: null }],
  ['dev-key-12345', { id: 'dev-write', scopes: ['read', 'write'], projectId: null }],
  ['admin-key-99999', { id: 'dev-admin', scopes: ['read', 'write', 'admin'], projectId: null }],
];
const hashed = keys.map(([key, actor]) => ({ hash: Buffer.from(hashSecret(key)), actor }));

/** Whom a development key stands for, or `undefined` for any other text. */
export function developmentActor(key: string): Actor | undefined {
  const asked = Buffer.from(hashSecret(key));
  return hashed.find(({ hash }) => timingSafeEqual(hash, asked))?.actor;
}
