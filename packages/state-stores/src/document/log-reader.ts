import type { Artifact, Attempt, BuildEvent, BuildJob, ResumeRequest, Variable } from '@buildstate/core';
import type { BuildRows } from '../lists/needs.ts';
import type { FixedDocuments } from './fixed-documents.ts';
import type { HeadDocument } from './head-document.ts';
import { keys } from './keys.ts';
import type { EntryRows, LogEntry, RowKind, Segment, SegmentContent } from './log-entry.ts';

/** How many documents are fetched at once. */
const fetchedTogether = 8;

/** Whether a range of the log is worth reading. */
type Wanted = (range: Pick<Segment, 'counts' | 'lastSeq'>) => boolean;

/** Which way a log is read. */
type Direction = 'newest-first' | 'oldest-first';

/** Reads the log of a build: the tail of its head, and the segments that the head names. */
export class LogReader {
  readonly #documents: FixedDocuments;
  readonly #buildId: string;
  readonly #head: HeadDocument;

  constructor(documents: FixedDocuments, buildId: string, head: HeadDocument) {
    this.#documents = documents;
    this.#buildId = buildId;
    this.#head = head;
  }

  /** The rows of every entry that is wanted, one entry after the other. */
  async *rows(direction: Direction, wanted: Wanted): AsyncGenerator<EntryRows> {
    for await (const entry of this.entries(direction, wanted)) yield await this.rowsOf(entry);
  }

  /** Every entry that is wanted. */
  async *entries(direction: Direction, wanted: Wanted): AsyncGenerator<LogEntry> {
    const { tail, segments } = this.#head;
    if (direction === 'newest-first') yield* ordered(tail.filter(wanted), direction);
    yield* this.#inSegments(segments, direction, wanted);
    if (direction === 'oldest-first') yield* tail.filter(wanted);
  }

  /** The rows of an entry, wherever they are. */
  async rowsOf(entry: LogEntry): Promise<EntryRows> {
    if (entry.rows !== undefined) return entry.rows;
    return this.#documents.mustRead(`${keys.entries(this.#buildId)}${entry.at}`);
  }

  /** The entry that made the build this version. */
  async entryOf(version: number): Promise<LogEntry | undefined> {
    const covers = ({ from, to }: Segment) => from <= version && version <= to;
    let content: SegmentContent = { segments: this.#head.segments };
    while ('segments' in content) {
      const segment: Segment | undefined = content.segments.find(covers);
      if (segment === undefined) return this.#head.tail.find((entry) => entry.version === version);
      content = await this.#content(segment);
    }
    return content.entries.find((entry) => entry.version === version);
  }

  /** The rows of some kinds as they are now: of each id the one that was written last. */
  async current(kinds: readonly Exclude<RowKind, 'events'>[]): Promise<BuildRows> {
    const rows = {
      attempts: new Map<string, Attempt>(),
      artifacts: new Map<string, Artifact>(),
      variables: new Map<string, Variable>(),
      resumeRequests: new Map<string, ResumeRequest>(),
      jobs: new Map<string, BuildJob>(),
    };
    const wanted: Wanted = ({ counts }) => kinds.some((kind) => counts[kind] !== undefined);
    for await (const changed of this.rows('newest-first', wanted))
      for (const kind of kinds) addOlder<{ readonly id: string }>(rows[kind], changed[kind]);
    const { attempts, artifacts, variables, resumeRequests, jobs } = rows;
    return {
      attempts: attempts.values(),
      artifacts: artifacts.values(),
      variables: variables.values(),
      resumeRequests: resumeRequests.values(),
      jobs: jobs.values(),
    };
  }

  /** Events after a number, oldest first, at most `most`. */
  async events(afterSeq: number, most: number): Promise<BuildEvent[]> {
    const found: BuildEvent[] = [];
    const wanted: Wanted = ({ counts, lastSeq }) => counts.events !== undefined && lastSeq > afterSeq;
    for await (const { events = [] } of this.rows('oldest-first', wanted)) {
      found.push(...events.filter(({ seq }) => seq > afterSeq));
      if (found.length >= most) break;
    }
    return found.slice(0, most);
  }

  /** Every segment that the head names, indexes included. */
  async *allSegments(segments = this.#head.segments): AsyncGenerator<Segment> {
    for (const segment of segments) {
      yield segment;
      if (segment.level === 0) continue;
      const content = await this.#content(segment);
      if ('segments' in content) yield* this.allSegments(content.segments);
    }
  }

  async *#inSegments(
    segments: readonly Segment[],
    direction: Direction,
    wanted: Wanted,
  ): AsyncGenerator<LogEntry> {
    const queue = ordered(segments.filter(wanted), direction);
    for (let start = 0; start < queue.length; start += fetchedTogether) {
      const batch = queue.slice(start, start + fetchedTogether);
      for (const content of await Promise.all(batch.map((segment) => this.#content(segment)))) {
        if ('segments' in content) yield* this.#inSegments(content.segments, direction, wanted);
        else yield* ordered(content.entries.filter(wanted), direction);
      }
    }
  }

  #content(segment: Segment): Promise<SegmentContent> {
    return this.#documents.mustRead(`${keys.segments(this.#buildId)}${segment.name}`);
  }
}

function ordered<T>(oldestFirst: readonly T[], direction: Direction): readonly T[] {
  return direction === 'newest-first' ? oldestFirst.toReversed() : oldestFirst;
}

/** Adds rows of an older change: those whose id is known already were replaced since. */
function addOlder<T extends { readonly id: string }>(known: Map<string, T>, older: readonly T[] = []): void {
  for (const row of older.toReversed()) if (!known.has(row.id)) known.set(row.id, row);
}
