import type {
  Artifact,
  Attempt,
  BuildChange,
  BuildEvent,
  BuildHead,
  BuildJob,
  JsonValue,
  ResumeRequest,
  Variable,
} from '@buildstate/core';
import type { BuildRows } from '../lists/needs.ts';

/** A build as memory keeps it. Nothing in it is shared with callers. */
export interface BuildRecord {
  head: BuildHead;
  readonly attempts: Map<string, Attempt>;
  readonly artifacts: Map<string, Artifact>;
  readonly variables: Map<string, Variable>;
  /** Rows of variables that were replaced, oldest first. */
  readonly variableHistory: Variable[];
  readonly resumeRequests: Map<string, ResumeRequest>;
  readonly jobs: Map<string, BuildJob>;
  readonly events: BuildEvent[];
  /** Answers by `event_id`. */
  readonly reports: Map<string, JsonValue>;
}

function upsert<T extends { readonly id: string }>(rows: Map<string, T>, changed: readonly T[]): void {
  for (const row of changed) rows.set(row.id, row);
}

/** Writes a change that was found applicable. Its parts become the record's own. */
export function applyChange(record: BuildRecord, change: BuildChange): void {
  const lease = change.leaseChanged ? change.head.lease : record.head.lease;
  record.head = { ...change.head, lease };
  upsert(record.attempts, change.attempts);
  upsert(record.artifacts, change.artifacts);
  for (const { id } of change.variables) {
    const replaced = record.variables.get(id);
    if (replaced !== undefined) record.variableHistory.push(replaced);
  }
  upsert(record.variables, change.variables);
  upsert(record.resumeRequests, change.resumeRequests);
  upsert(record.jobs, change.jobs);
  record.events.push(...change.events);
  if (change.report !== undefined) record.reports.set(change.report.eventId, change.report.answer);
}

/** The record of a build that is being created. */
export function newRecord(change: BuildChange): BuildRecord {
  const record: BuildRecord = {
    head: { ...change.head, lease: null },
    attempts: new Map(),
    artifacts: new Map(),
    variables: new Map(),
    variableHistory: [],
    resumeRequests: new Map(),
    jobs: new Map(),
    events: [],
    reports: new Map(),
  };
  applyChange(record, change);
  return record;
}

/** The rows of a record, as they are asked for by decisions. */
export function rowsOf(record: BuildRecord): BuildRows {
  const { attempts, artifacts, variables, resumeRequests, jobs } = record;
  return {
    attempts: attempts.values(),
    artifacts: artifacts.values(),
    variables: variables.values(),
    resumeRequests: resumeRequests.values(),
    jobs: jobs.values(),
  };
}

/** All rows of a kind; none of a build that is not there. */
export function valuesOf<T>(rows: ReadonlyMap<string, T> | undefined): T[] {
  return rows === undefined ? [] : [...rows.values()];
}
