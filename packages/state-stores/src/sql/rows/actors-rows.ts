import type { ActorRecord } from '@buildstate/core';
import { recordTable } from '../record-table.ts';

/** Who acts, in `actors`. */
export const actors = recordTable<ActorRecord>('actors', {
  id: 'text',
  name: 'text',
  erasedAt: 'time',
  erasedBy: 'text',
});
