import { mapConcurrently, StoreError } from '@buildstate/core/light';
import type { FixedDocuments } from './fixed-documents.ts';
import { keys } from './keys.ts';
import { byteLength, type DocumentLimits } from './limits.ts';
import { addCounts, type LogEntry, type Segment, type SegmentContent } from './log-entry.ts';
import type { ReportMarker } from './report-marker.ts';

/** The log of a build as a head names it. */
export interface NamedLog {
  readonly segments: readonly Segment[];
  readonly tail: readonly LogEntry[];
}

/** Writes what leaves a head, before the head that names it. */
export interface SpillPlace {
  readonly documents: FixedDocuments;
  readonly buildId: string;
  readonly limits: DocumentLimits;
  /** Makes names that nobody else makes. */
  readonly nonce: () => string;
  /** Is told every key that only the next head will name. */
  readonly created: (key: string) => void;
}

/** How many answers are written at once. */
const writtenTogether = 8;

/** How many of the oldest entries must go so that the rest is at most half of what is allowed. The newest stays. */
function surplus(tail: readonly LogEntry[], limits: DocumentLimits): number {
  const sizes = tail.map((entry) => byteLength(JSON.stringify(entry)));
  let bytes = sizes.reduce((sum, size) => sum + size, 0);
  if (bytes <= limits.tailBytes && tail.length <= limits.tailEntries) return 0;
  let count = 0;
  while (
    count < tail.length - 1 &&
    (bytes > limits.tailBytes / 2 || tail.length - count > limits.tailEntries / 2)
  ) {
    bytes -= sizes[count] ?? 0;
    count += 1;
  }
  return count;
}

/**
 * Moves older entries of a log out of the head when there are too many. The newest entry is never moved: it is
 * not decided yet, and the answer to its report must not be findable before it is.
 */
export async function spill(log: NamedLog, place: SpillPlace): Promise<NamedLog> {
  const count = surplus(log.tail, place.limits);
  if (count === 0) return log;
  const leaving = log.tail.slice(0, count);
  await writeMarkers(leaving, place);
  const segment = await writeSegment({ entries: leaving }, leaving, 0, place);
  return { segments: await indexed([...log.segments, segment], place), tail: log.tail.slice(count) };
}

/** Writes the answers of entries that leave the head where one look finds each. */
async function writeMarkers(entries: readonly LogEntry[], place: SpillPlace): Promise<void> {
  await mapConcurrently(entries, writtenTogether, async ({ eventId, rows, at }) => {
    if (eventId === undefined) return;
    const marker: ReportMarker = rows === undefined ? { at } : { report: rows.report };
    await place.documents.write(keys.report(place.buildId, eventId), JSON.stringify(marker));
  });
}

interface Ranged extends Pick<Segment, 'counts' | 'lastSeq'> {
  readonly version?: number;
  readonly from?: number;
  readonly to?: number;
}

async function writeSegment(
  content: SegmentContent,
  ranges: readonly Ranged[],
  level: number,
  place: SpillPlace,
): Promise<Segment> {
  const [first, last] = [ranges[0], ranges.at(-1)];
  const [from, to] = [first?.from ?? first?.version, last?.to ?? last?.version];
  if (last === undefined || from === undefined || to === undefined)
    throw new StoreError(`A segment of build ${place.buildId} would be empty.`);
  const name = `${from}-${place.nonce()}`;
  const key = `${keys.segments(place.buildId)}${name}`;
  place.created(key);
  await place.documents.write(key, JSON.stringify(content));
  return {
    name,
    level,
    from,
    to,
    counts: addCounts(ranges.map(({ counts }) => counts)),
    lastSeq: last.lastSeq,
  };
}

/** Replaces the segments of a level by one that lists them as soon as there are too many. */
async function indexed(segments: readonly Segment[], place: SpillPlace): Promise<readonly Segment[]> {
  const level = segments.at(-1)?.level ?? 0;
  const first = segments.findIndex((segment) => segment.level === level);
  const run = segments.slice(first);
  if (run.length <= place.limits.segments) return segments;
  const index = await writeSegment({ segments: run }, run, level + 1, place);
  return indexed([...segments.slice(0, first), index], place);
}
