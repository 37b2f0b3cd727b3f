import type { WholeBuild } from '@buildstate/core';
import { wholeBuildOf } from '../lists/whole-build.ts';
import { type BuildRecord, rowsOf } from './build-record.ts';

/** A record with all that it holds. What it answers is shared with the record: copy what is handed on. */
export function wholeOf(record: BuildRecord): WholeBuild {
  const reports = [...record.reports].map(([eventId, answer]) => ({ eventId, answer }));
  const { variableHistory, events } = record;
  return wholeBuildOf(record.head, { ...rowsOf(record), variableHistory, events, reports });
}

function byId<T extends { readonly id: string }>(rows: readonly T[]): Map<string, T> {
  return new Map(rows.map((row) => [row.id, row]));
}

/** The record of a build that is put back. Its parts become the record's own. */
export function recordOf(whole: WholeBuild): BuildRecord {
  return {
    head: whole.head,
    attempts: byId(whole.attempts),
    artifacts: byId(whole.artifacts),
    variables: byId(whole.variables),
    variableHistory: [...whole.variableHistory],
    resumeRequests: byId(whole.resumeRequests),
    jobs: byId(whole.jobs),
    events: [...whole.events],
    reports: new Map(whole.reports.map(({ eventId, answer }) => [eventId, answer])),
  };
}
