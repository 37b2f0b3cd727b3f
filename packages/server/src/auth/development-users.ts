import { timingSafeEqual } from 'node:crypto';
import type { Actor } from '@buildstate/core';
import { hashSecret } from './api-key.ts';
import type { Users } from './users.ts';

const accounts: readonly (readonly [name: string, password: string, actor: Actor])[] = [
  ['readonly', 'readonly123', { id: 'dev-readonly', scopes: ['read'], projectId: null }],
  ['user', 'user123', { id: 'dev-write', scopes: ['read', 'write'], projectId: null }],
  ['admin', 'admin123', { id: 'dev-admin', scopes: ['read', 'write', 'admin'], projectId: null }],
];

/** Name and password as one hash. The length of the name stands first, so that no two pairs read the same. */
function hashOf(name: string, password: string): Buffer {
  return Buffer.from(hashSecret(`${name.length} ${name} ${password}`));
}

const hashed = accounts.map(([name, password, actor]) => ({ hash: hashOf(name, password), actor }));

/** The users that everybody knows, for trying things out on one machine. The same people as the development keys. */
export const developmentUsers: Users = {
  any: true,
  byPassword(name, password) {
    const asked = hashOf(name, password);
    return hashed.find(({ hash }) => timingSafeEqual(hash, asked))?.actor;
  },
  byId: (id) => accounts.find(([, , actor]) => actor.id === id)?.[2],
};
