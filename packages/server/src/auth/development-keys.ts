import type { Actor } from '@buildstate/core';

/** The keys that everybody knows, for trying things out on one machine. */
const keys: ReadonlyMap<string, Actor> = new Map<string, Actor>([
  ['readonly-key-888', { id: 'dev-readonly', scopes: ['read'], projectId: null }],
  ['dev-key-12345', { id: 'dev-write', scopes: ['read', 'write'], projectId: null }],
  ['admin-key-99999', { id: 'dev-admin', scopes: ['read', 'write', 'admin'], projectId: null }],
]);

/**
 * Whom a development key stands for, or `undefined` for any other text. The keys are no secrets, so how long a
 * comparison takes may tell of them.
 */
export function developmentActor(key: string): Actor | undefined {
  return keys.get(key);
}
