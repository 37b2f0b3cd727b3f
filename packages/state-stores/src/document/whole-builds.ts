import type {
  BuildEvent,
  Clock,
  Page,
  PageQuery,
  RememberedReport,
  Variable,
  WholeBuild,
} from '@buildstate/core';
import { pageOf } from '@buildstate/core/light';
import { idOrder } from '../lists/orders.ts';
import { wholeBuildOf } from '../lists/whole-build.ts';
import { again, untilDecided } from './again.ts';
import { type DocumentDriver, listKeys } from './driver.ts';
import type { FixedDocuments } from './fixed-documents.ts';
import type { HeadDocuments } from './head-documents.ts';
import { idOfKey, keys } from './keys.ts';
import { LogReader } from './log-reader.ts';

/** What whole builds are read with. */
export interface WholeTools {
  readonly driver: DocumentDriver;
  readonly clock: Clock;
  readonly documents: FixedDocuments;
  readonly heads: HeadDocuments;
}

/** Rows of a log that no list shows. */
interface Unlisted {
  readonly variableHistory: Variable[];
  readonly events: BuildEvent[];
  readonly reports: RememberedReport[];
}

/** Reads builds as they are, for moving them. */
export class WholeBuildReader {
  readonly #tools: WholeTools;

  constructor(tools: WholeTools) {
    this.#tools = tools;
  }

  /** See `WholeBuilds.listBuildIds`. */
  async listIds(query: PageQuery): Promise<Page<string>> {
    const all = await listKeys(this.#tools.driver, keys.heads);
    return pageOf(all.map(idOfKey), query, idOrder);
  }

  /** See `WholeBuilds.loadWholeBuild`. */
  load(id: string): Promise<WholeBuild | undefined> {
    const { heads, clock, documents } = this.#tools;
    return untilDecided(clock, `Build ${id}`, async () => {
      const stored = await heads.read(id);
      if (stored === undefined) return undefined;
      const head = await heads.whole(stored.document);
      // A part is gone only when somebody has changed the head since it was read.
      if (head === undefined) return again;
      const log = new LogReader(documents, id, stored.document);
      const rows = await log.current(['attempts', 'artifacts', 'variables', 'resumeRequests', 'jobs']);
      return structuredClone(wholeBuildOf(head, { ...rows, ...(await unlisted(log)) }));
    });
  }
}

async function unlisted(log: LogReader): Promise<Unlisted> {
  const found: Unlisted = { variableHistory: [], events: [], reports: [] };
  const newest = new Map<string, Variable>();
  for await (const { variables = [], events = [], report } of log.rows('oldest-first', () => true)) {
    for (const variable of variables) {
      const replaced = newest.get(variable.id);
      if (replaced !== undefined) found.variableHistory.push(replaced);
      newest.set(variable.id, variable);
    }
    for (const event of events) found.events.push(event);
    if (report !== undefined) found.reports.push(report);
  }
  return found;
}
