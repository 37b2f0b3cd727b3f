import type { Clock, WaitingBuild, WaitingQuery } from '@buildstate/core';
import { mapConcurrently } from '@buildstate/core/light';
import { isWaiting, oldest } from '../lists/waiting.ts';
import { type DocumentDriver, listKeys } from './driver.ts';
import { type HeadDocument, parseHead } from './head-document.ts';
import type { HeadDocuments } from './head-documents.ts';
import { keys } from './keys.ts';

/** How many heads are fetched at once. */
const fetchedTogether = 16;
/** Most builds of which it is remembered that they are over, some 100 bytes each. */
const mostRemembered = 100_000;

/** What waiting builds are found with. */
export interface WaitingTools {
  readonly driver: DocumentDriver;
  readonly heads: HeadDocuments;
  readonly clock: Pick<Clock, 'now'>;
}

function isOver({ head: { build } }: HeadDocument): boolean {
  return build.status === 'completed' || build.status === 'cancelled' || build.deletedAt !== null;
}

/**
 * Finds what waits for a worker by reading heads from the first id on, until there is enough. Ids that are made here grow
 * with time, so these are the oldest; where callers bring their own, "oldest" is among those that were read.
 */
export class WaitingBuildReader {
  readonly #driver: DocumentDriver;
  readonly #heads: HeadDocuments;
  readonly #clock: Pick<Clock, 'now'>;
  /** Keys of builds that nothing can happen to any more: they are not read again. */
  readonly #over = new Set<string>();

  constructor({ driver, heads, clock }: WaitingTools) {
    this.#driver = driver;
    this.#heads = heads;
    this.#clock = clock;
  }

  /** See `WaitingBuilds.listWaiting`. */
  async list(query: WaitingQuery): Promise<readonly WaitingBuild[]> {
    const unread = (await listKeys(this.#driver, keys.heads)).filter((key) => !this.#over.has(key));
    const found: WaitingBuild[] = [];
    for (let next = 0; next < unread.length && found.length < query.limit; next += fetchedTogether) {
      const some = unread.slice(next, next + fetchedTogether);
      const read = await mapConcurrently(some, fetchedTogether, (key) => this.#read(key, query));
      found.push(...read.flatMap((waiting) => waiting ?? []));
    }
    return oldest(found, query.limit);
  }

  async #read(key: string, query: WaitingQuery): Promise<WaitingBuild | undefined> {
    const stored = await this.#driver.get(key);
    if (stored === undefined) return undefined;
    const document = parseHead(stored.text);
    if (isOver(document) && this.#over.size < mostRemembered) this.#over.add(key);
    const { openAttempt, states } = document.parts;
    // A part that is elsewhere and gone was replaced meanwhile: somebody is at work on the build.
    const head =
      openAttempt === undefined && states === undefined ? document.head : await this.#heads.whole(document);
    return head !== undefined && isWaiting(head, query, this.#clock.now()) ? head.build : undefined;
  }
}
