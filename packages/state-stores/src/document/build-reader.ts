import type {
  Build,
  BuildQuery,
  BuildRef,
  Clock,
  LoadedBuild,
  LoadNeeds,
  Page,
  Project,
  ResumeRequest,
} from '@buildstate/core';
import { mapConcurrently, pageOf, StoreError } from '@buildstate/core/light';
import { matchesBuild } from '../lists/filters.ts';
import { selectNeeds } from '../lists/needs.ts';
import { buildOrder } from '../lists/orders.ts';
import { again, untilDecided } from './again.ts';
import { holdsNumber } from './build-writer.ts';
import { allKeys, type DocumentDriver, listKeys } from './driver.ts';
import type { FixedDocuments } from './fixed-documents.ts';
import { type HeadDocument, parseHead } from './head-document.ts';
import type { HeadDocuments } from './head-documents.ts';
import { keys } from './keys.ts';
import { LogReader } from './log-reader.ts';
import { claimedId } from './name-claims.ts';
import type { NamedRecords } from './named-records.ts';
import { findReport } from './report-marker.ts';

/** How many heads of a list are fetched at once. */
const fetchedTogether = 16;

/** What builds are read with. */
export interface ReaderTools {
  readonly driver: DocumentDriver;
  readonly clock: Clock;
  readonly documents: FixedDocuments;
  readonly heads: HeadDocuments;
  readonly projects: NamedRecords<Project>;
}

/** Finds, loads and lists builds. */
export class BuildReader {
  readonly #tools: ReaderTools;

  constructor(tools: ReaderTools) {
    this.#tools = tools;
  }

  /** Ids of the builds that a reference names, two at most. */
  async find(ref: BuildRef): Promise<readonly string[]> {
    const { driver } = this.#tools;
    if ('id' in ref) return (await driver.get(keys.head(ref.id))) === undefined ? [] : [ref.id];
    if ('idPrefix' in ref) return this.#withPrefix(ref.idPrefix, ref.projectId);
    const claim = await driver.get(keys.number(ref.projectId, ref.buildNumber));
    if (claim === undefined) return [];
    const id = claimedId(claim.text);
    const head = await driver.get(keys.head(id));
    return head !== undefined && holdsNumber(head.text, ref.projectId, ref.buildNumber) ? [id] : [];
  }

  /** A build's head with what else a decision needs. */
  async load(id: string, needs: LoadNeeds): Promise<LoadedBuild | undefined> {
    const { clock, heads, documents } = this.#tools;
    const now = clock.now();
    return untilDecided(clock, `Build ${id}`, async () => {
      const stored = await heads.read(id);
      if (stored === undefined) return undefined;
      const { document } = stored;
      const { eventId } = needs;
      const [head, project, answered, rows] = await Promise.all([
        heads.whole(document),
        this.#projectOf(document),
        eventId === undefined ? undefined : findReport(documents, id, document, eventId),
        this.#rows(document, needs),
      ]);
      if (head === undefined) return again;
      return { snapshot: { ...head, project }, now, answered: structuredClone(answered), ...rows };
    });
  }

  /** The records of some builds. */
  async loadRecords(ids: readonly string[]): Promise<readonly Build[]> {
    const found = await mapConcurrently([...ids], fetchedTogether, async (id) => {
      const stored = await this.#tools.heads.read(id);
      return stored === undefined
        ? []
        : [await this.#wholeBuild(stored.document, stored.document.head.build)];
    });
    return found.flat();
  }

  /** The log of a build, if there is such a build. */
  async log(buildId: string): Promise<LogReader | undefined> {
    const stored = await this.#tools.heads.read(buildId);
    return stored === undefined ? undefined : new LogReader(this.#tools.documents, buildId, stored.document);
  }

  /** Builds, newest first. Reads every head: lists on document stores cost what the place holds. */
  async list(query: BuildQuery): Promise<Page<Build>> {
    const { driver } = this.#tools;
    const all = await listKeys(driver, keys.heads);
    const found = await mapConcurrently(all, fetchedTogether, async (key) => {
      const stored = await driver.get(key);
      const document = stored === undefined ? undefined : parseHead(stored.text);
      return document !== undefined && matchesBuild(document.head.build, query) ? document : undefined;
    });
    const documents = new Map(
      found.flatMap((document) => (document === undefined ? [] : [[document.head.build.id, document]])),
    );
    const page = pageOf(
      [...documents.values()].map(({ head }) => head.build),
      query,
      buildOrder,
    );
    const items = await Promise.all(
      page.items.map((build) => this.#wholeBuild(documents.get(build.id), build)),
    );
    return { ...page, items };
  }

  /** The resume request with an id, whichever build it belongs to. */
  async findResumeRequest(requestId: string): Promise<ResumeRequest | undefined> {
    const index = await this.#tools.documents.read<{ readonly build: string }>(keys.resumeRequest(requestId));
    const log = index === undefined ? undefined : await this.log(index.build);
    const { resumeRequests } = (await log?.current(['resumeRequests'])) ?? { resumeRequests: [] };
    return structuredClone([...resumeRequests].find(({ id }) => id === requestId));
  }

  async #withPrefix(idPrefix: string, project: string | undefined): Promise<string[]> {
    const found: string[] = [];
    for await (const key of allKeys(this.#tools.driver, keys.head(idPrefix))) {
      const stored = await this.#tools.driver.get(key);
      if (stored === undefined) continue;
      const { id, projectId } = parseHead(stored.text).head.build;
      if (project === undefined || project === projectId) found.push(id);
      if (found.length === 2) break;
    }
    return found;
  }

  async #projectOf({ head }: HeadDocument): Promise<Project> {
    const { id, projectId } = head.build;
    const project = await this.#tools.projects.load({ id: projectId });
    if (project !== undefined) return project;
    throw new StoreError(`Build ${id} belongs to project ${projectId}, which is not there.`);
  }

  async #rows(document: HeadDocument, needs: LoadNeeds) {
    const kinds = (['attempts', 'artifacts', 'variables', 'resumeRequests', 'jobs'] as const).filter(
      (kind) => needs[kind] !== undefined && needs[kind] !== false,
    );
    const log = new LogReader(this.#tools.documents, document.head.build.id, document);
    return structuredClone(selectNeeds(await log.current(kinds), needs));
  }

  /** The record of a build whose metadata may be elsewhere. */
  async #wholeBuild(document: HeadDocument | undefined, build: Build): Promise<Build> {
    if (document?.parts.metadata === undefined) return build;
    const { heads, clock } = this.#tools;
    let newest: HeadDocument | undefined = document;
    return untilDecided(clock, `Build ${build.id}`, async () => {
      const head = newest === undefined ? undefined : await heads.whole(newest);
      if (head !== undefined) return head.build;
      newest = (await heads.read(build.id))?.document;
      return again;
    });
  }
}
