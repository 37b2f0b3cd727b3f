import type { RememberedReport } from '@buildstate/core';
import type { FixedDocuments } from './fixed-documents.ts';
import type { HeadDocument } from './head-document.ts';
import { keys } from './keys.ts';
import type { EntryRows } from './log-entry.ts';

/** The answer to a report whose entry has left the head, or the name of the document with its entry's rows. */
export interface ReportMarker {
  readonly report?: RememberedReport;
  readonly at?: string;
}

/**
 * What a report was answered, if it was ever counted. Looks at the head first; a build that is older than its
 * head costs one look more, and one more again where the answer was large.
 */
export async function findReport(
  documents: FixedDocuments,
  buildId: string,
  head: HeadDocument,
  eventId: string,
): Promise<RememberedReport | undefined> {
  const recent = head.tail.find((entry) => entry.eventId === eventId);
  const marker: ReportMarker | undefined =
    recent === undefined
      ? await olderMarker(documents, buildId, head, eventId)
      : { report: recent.rows?.report, at: recent.at };
  if (marker?.at === undefined) return marker?.report;
  const rows = await documents.mustRead<EntryRows>(`${keys.entries(buildId)}${marker.at}`);
  return rows.report;
}

async function olderMarker(
  documents: FixedDocuments,
  buildId: string,
  head: HeadDocument,
  eventId: string,
): Promise<ReportMarker | undefined> {
  if (head.segments.length === 0) return undefined;
  return documents.read<ReportMarker>(keys.report(buildId, eventId));
}
