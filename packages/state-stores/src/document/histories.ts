import type { Build, EndedBuildQuery, Histories, HistoryCut, Page } from '@buildstate/core';
import { hasEnded, mapConcurrently, pageOf } from '@buildstate/core/light';
import { endOrder, matchesEnded, trimmed } from '../lists/trim-history.ts';
import { again, untilDecided } from './again.ts';
import type { BuildTools } from './build-writer.ts';
import { composeRestored } from './compose-head.ts';
import { listKeys } from './driver.ts';
import { parseHead } from './head-document.ts';
import { keys } from './keys.ts';
import { WholeBuildReader } from './whole-builds.ts';

/** How many heads of a list are fetched at once. */
const fetchedTogether = 16;

/** Lets go of history. */
export class DocumentHistories implements Histories {
  readonly #tools: BuildTools;
  readonly #whole: WholeBuildReader;

  constructor(tools: BuildTools) {
    this.#tools = tools;
    this.#whole = new WholeBuildReader(tools);
  }

  /** Reads every head, as lists of builds do. */
  async listEndedBuilds(query: EndedBuildQuery): Promise<Page<Build>> {
    const { driver, heads } = this.#tools;
    const all = await listKeys(driver, keys.heads);
    const found = await mapConcurrently(all, fetchedTogether, async (key) => {
      const stored = await driver.get(key);
      if (stored === undefined) return [];
      const document = parseHead(stored.text);
      if (!matchesEnded(document.head.build, query)) return [];
      const whole = await heads.whole(document);
      return whole === undefined ? [] : [whole.build];
    });
    return pageOf(found.flat(), query, endOrder);
  }

  /**
   * Writes the build anew without what goes, in one compare-and-set of its head; the documents of the old log become
   * leftovers, which `tidy` removes. Answers to reports that had left the head are found without it, so they go first:
   * a build that has ended refuses their reports as it refuses new ones.
   */
  async trimHistory(buildId: string, cut: HistoryCut): Promise<boolean> {
    const { clock, heads, documents } = this.#tools;
    return untilDecided(clock, `Build ${buildId}`, async () => {
      const stored = await heads.read(buildId);
      const whole = stored && (await this.#whole.load(buildId));
      if (stored === undefined || whole === undefined || !hasEnded(whole.head.build)) return true;
      if (whole.head.build.version !== stored.document.head.build.version) return again;
      for (const { eventId } of whole.attempts) await documents.remove(keys.report(buildId, eventId));
      const composed = await composeRestored(this.#tools, trimmed(whole, cut));
      const isOurs = (text: string) => parseHead(text).write === composed.nonce;
      const result = await heads.write(buildId, { text: composed.text, expected: stored.version, isOurs });
      if (result !== 'conflict') return true;
      await documents.discard(composed.created);
      return again;
    });
  }
}
