import type { BuildEvent } from '@buildstate/core';
import { recordTable } from '../record-table.ts';

/** The chain of events in `build_events`. */
export const events = recordTable<BuildEvent>('build_events', {
  buildId: 'text',
  seq: 'integer',
  type: 'text',
  actorId: 'text',
  at: 'time',
  data: 'json',
  prevHash: 'text',
  hash: 'text',
  signature: 'text',
});
