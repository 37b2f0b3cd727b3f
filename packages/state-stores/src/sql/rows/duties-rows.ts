import type { Duty } from '@buildstate/core';
import { recordTable } from '../record-table.ts';

/** Work in the background, in `duties`. */
export const duties = recordTable<Duty>('duties', {
  name: 'text',
  holder: 'text',
  token: 'integer',
  ttlSeconds: 'real',
  takenAt: 'time',
  heldUntil: 'time',
  dueAt: 'time',
  endedAt: 'time',
  outcome: 'text',
  failures: 'integer',
  detail: 'text',
});
