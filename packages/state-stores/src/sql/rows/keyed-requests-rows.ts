import type { KeyedRequest } from '@buildstate/core';
import { recordTable } from '../record-table.ts';

/** Requests by their caller's key, in `keyed_requests`, kept until they expire. */
export const keyedRequests = recordTable<KeyedRequest>('keyed_requests', {
  id: 'text',
  fingerprint: 'text',
  performer: 'text',
  heldUntil: 'time',
  expiresAt: 'time',
  seed: 'json',
  answer: 'json',
});
