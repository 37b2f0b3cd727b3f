import type {
  Artifact,
  Attempt,
  BuildChange,
  BuildEvent,
  BuildJob,
  RememberedReport,
  ResumeRequest,
  Variable,
} from '@buildstate/core';

/** The kinds of rows that a change carries. */
export const rowKinds = ['attempts', 'artifacts', 'variables', 'resumeRequests', 'jobs', 'events'] as const;
/** A kind of row that a change carries. */
export type RowKind = (typeof rowKinds)[number];

/** How many rows of each kind there are; kinds without rows are left out. */
export type RowCounts = Readonly<Partial<Record<RowKind, number>>>;

/** What one change wrote besides the head. */
export interface EntryRows {
  readonly attempts?: readonly Attempt[];
  readonly artifacts?: readonly Artifact[];
  readonly variables?: readonly Variable[];
  readonly resumeRequests?: readonly ResumeRequest[];
  readonly jobs?: readonly BuildJob[];
  readonly events?: readonly BuildEvent[];
  readonly report?: RememberedReport;
}

/** One change of a build in its log. */
export interface LogEntry {
  /** The version that the build had after it. */
  readonly version: number;
  /** What tells this change from another one that wanted to be the same version. */
  readonly nonce: string;
  /** How many rows it has. */
  readonly counts: RowCounts;
  /** `seq` of the build's last event after it. */
  readonly lastSeq: number;
  /** The report that was counted by it. */
  readonly eventId?: string;
  /** The rows, when they are small. */
  readonly rows?: EntryRows;
  /** The name of the document that holds the rows, when they are large. */
  readonly at?: string;
}

/** A document that holds a range of the log, or that lists older such documents. */
export interface Segment {
  /** Name of the document. */
  readonly name: string;
  /** 0: it holds entries; above: it lists segments of the level below. */
  readonly level: number;
  /** The first version in it. */
  readonly from: number;
  /** The last version in it. */
  readonly to: number;
  /** How many rows there are in it, of which kinds. */
  readonly counts: RowCounts;
  /** `seq` of the build's last event at its end. */
  readonly lastSeq: number;
}

/** What a segment's document holds, oldest first. */
export type SegmentContent =
  | { readonly entries: readonly LogEntry[] }
  | { readonly segments: readonly Segment[] };

/** The rows of a change, without empty lists. */
export function rowsOf(change: BuildChange): EntryRows {
  const filled = rowKinds.filter((kind) => change[kind].length > 0);
  const rows = Object.fromEntries(filled.map((kind) => [kind, change[kind]]));
  return { ...rows, ...(change.report === undefined ? {} : { report: change.report }) };
}

/** How many rows of each kind. */
export function countRows(rows: EntryRows): RowCounts {
  return Object.fromEntries(
    rowKinds.flatMap((kind) => (rows[kind] === undefined ? [] : [[kind, rows[kind].length]])),
  );
}

/** The sums of several counts. */
export function addCounts(all: readonly RowCounts[]): RowCounts {
  const sums: Partial<Record<RowKind, number>> = {};
  for (const counts of all)
    for (const kind of rowKinds)
      if (counts[kind] !== undefined) sums[kind] = (sums[kind] ?? 0) + counts[kind];
  return sums;
}
