import type { ApiToken } from '@buildstate/core';
import { recordTable } from '../record-table.ts';

/** API keys in `api_tokens`. */
export const tokens = recordTable<ApiToken>('api_tokens', {
  id: 'text',
  name: 'text',
  hash: 'text',
  scopes: 'json',
  projectId: 'text',
  createdBy: 'text',
  createdAt: 'time',
  expiresAt: 'time',
  lastUsedAt: 'time',
  revokedAt: 'time',
});
