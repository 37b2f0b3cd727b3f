import type { Clock } from '@buildstate/core';
import { allKeys, type DocumentDriver, listKeys } from './driver.ts';
import type { FixedDocuments } from './fixed-documents.ts';
import { parseHead, partNames } from './head-document.ts';
import type { HeadDocuments, StoredHead } from './head-documents.ts';
import { keys } from './keys.ts';
import { LogReader } from './log-reader.ts';

/*
 * A writer that dies, or whose reply is lost for good, leaves documents that no head names: segments, rows,
 * parts. They do no harm but take room. Age alone does not tell them from the documents of a writer that is
 * merely slow (a suspended machine goes on after days, and its compare-and-set may still succeed), so:
 *
 * 1. List the documents of the build.
 * 2. Read the head, and find which of them it does not name. Only if some of those are old, go on.
 * 3. Compare and set the head with the same content and a new mark.
 * 4. Remove what was listed in 1 and is not named in 2.
 *
 * Whoever wrote one of those documents did so before 1, for a compare-and-set of a head that was read before
 * 1; since 3 that one cannot succeed any more. Age only keeps the sweep from disturbing writers at work.
 *
 * Builds without a head are left alone: their number's claim may name such documents, and is completed by the
 * next one who wants the number.
 */

/** What a sweep is done with. */
export interface SweepTools {
  readonly driver: DocumentDriver;
  readonly clock: Clock;
  readonly documents: FixedDocuments;
  readonly heads: HeadDocuments;
  readonly nonce: () => string;
}

/** What a sweep did. */
export interface SweepResult {
  /** Documents that were removed. */
  readonly removed: number;
}

/** When a document was written, from the UUIDv7 at the end of its name, in milliseconds since the epoch. */
function writtenAt(key: string): number {
  return Number.parseInt(key.slice(-36).replaceAll('-', '').slice(0, 12), 16);
}

/** Removes what nothing names of the build with this head. Answers how many documents that were. */
async function sweepBuild(tools: SweepTools, headKey: string, oldest: number): Promise<number> {
  const stored = await tools.driver.get(headKey);
  if (stored === undefined) return 0;
  const orphans = await orphansOf(tools, parseHead(stored.text).head.build.id, oldest);
  await tools.documents.discard(orphans);
  return orphans.length;
}

/** Removes documents that nothing names and that are older than `graceSeconds`, until a signal says that it is enough. */
export async function sweep(
  tools: SweepTools,
  graceSeconds: number,
  signal?: AbortSignal,
): Promise<SweepResult> {
  let removed = 0;
  const oldest = tools.clock.now() - graceSeconds * 1000;
  for await (const key of allKeys(tools.driver, keys.heads)) {
    if (signal?.aborted) break;
    removed += await sweepBuild(tools, key, oldest);
  }
  return { removed };
}

/** Which builds are swept in passing. */
export interface FewBuilds {
  /** Seconds for which documents of writers at work are left alone. */
  readonly graceSeconds: number;
  /** How many builds at most. */
  readonly most: number;
  /** Where among the builds that one listing names it begins, from 0 to 1. */
  readonly from: number;
}

/** The same for a few builds, so that it can be done in passing: one listing, and `most` builds. */
export async function sweepFew(
  tools: SweepTools,
  { graceSeconds, most, from }: FewBuilds,
): Promise<SweepResult> {
  const { keys: heads } = await tools.driver.list(keys.heads);
  const first = Math.floor(from * heads.length);
  const chosen = [...heads.slice(first), ...heads.slice(0, first)].slice(0, most);
  const oldest = tools.clock.now() - graceSeconds * 1000;
  let removed = 0;
  for (const key of chosen) removed += await sweepBuild(tools, key, oldest);
  return { removed };
}

async function orphansOf(tools: SweepTools, buildId: string, oldest: number): Promise<string[]> {
  const { driver, documents, heads, nonce } = tools;
  const prefixes = [keys.segments(buildId), keys.entries(buildId), keys.parts(buildId)];
  const listed = await Promise.all(prefixes.map((prefix) => listKeys(driver, prefix)));
  const stored = await heads.read(buildId);
  if (stored === undefined) return [];
  const named = await namedBy(documents, buildId, stored);
  const orphans = listed.flat().filter((key) => !named.has(key) && writtenAt(key) < oldest);
  if (orphans.length === 0) return [];
  const write = nonce();
  const text = JSON.stringify({ ...stored.document, write });
  const isOurs = (found: string) => parseHead(found).write === write;
  const result = await heads.write(buildId, { text, expected: stored.version, isOurs });
  return result === 'conflict' ? [] : orphans;
}

async function namedBy(
  documents: FixedDocuments,
  buildId: string,
  { document }: StoredHead,
): Promise<ReadonlySet<string>> {
  const named = new Set(
    partNames.flatMap((name) => {
      const at = document.parts[name]?.at;
      return at === undefined ? [] : [`${keys.parts(buildId)}${at}`];
    }),
  );
  const log = new LogReader(documents, buildId, document);
  for await (const segment of log.allSegments()) named.add(`${keys.segments(buildId)}${segment.name}`);
  for await (const { at } of log.entries('oldest-first', () => true))
    if (at !== undefined) named.add(`${keys.entries(buildId)}${at}`);
  return named;
}
