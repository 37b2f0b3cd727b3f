import type { RememberedReport } from '@buildstate/core';
import { recordTable } from '../record-table.ts';

/** A counted report with the build that it is about. */
export interface StoredReport extends RememberedReport {
  /** UUID of the build. */
  readonly buildId: string;
}

/** Counted reports in `reports`, kept for ever. */
export const reports = recordTable<StoredReport>('reports', {
  buildId: 'text',
  eventId: 'text',
  answer: 'json',
});
