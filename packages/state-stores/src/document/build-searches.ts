import type {
  Artifact,
  ArtifactSearch,
  ArtifactTally,
  ArtifactTallyQuery,
  AttemptFacts,
  AttemptSearch,
  BuildTally,
  BuildTallyQuery,
  InBuild,
  Page,
  RecentAttempts,
  ResumeRequest,
  ResumeRequestSearch,
} from '@buildstate/core';
import { mapConcurrently, mostRecentDocuments, sorted } from '@buildstate/core/light';
import type { BuildRows, RowOf } from '../lists/needs.ts';
import { buildOrder } from '../lists/orders.ts';
import {
  recentAttempts,
  type SearchedBuild,
  searchArtifacts,
  searchAttempts,
  searchesIn,
  searchResumeRequests,
  tallyArtifacts,
  tallyBuilds,
} from '../lists/searches.ts';
import { type DocumentDriver, listKeys } from './driver.ts';
import type { FixedDocuments } from './fixed-documents.ts';
import { type HeadDocument, parseHead } from './head-document.ts';
import { keys } from './keys.ts';
import { LogReader } from './log-reader.ts';

/** How many builds are read at once. */
const readTogether = 16;
/** How many heads are looked at to find the newest builds of one project. */
const mostHeadsLookedAt = 400;

/** What searches read with. */
export interface SearchTools {
  /** The place. */
  readonly driver: DocumentDriver;
  /** Its documents that never change. */
  readonly documents: FixedDocuments;
}

/** Rows that are searched over all builds. */
type SearchedKind = 'artifacts' | 'attempts' | 'resumeRequests';

/** Which builds a search looks into. */
interface Scope {
  readonly projectId?: string | undefined;
  readonly platformId?: string | undefined;
}

/**
 * Searches over all builds. There is no index: each reads the heads of all builds, and the logs of those that it looks
 * into, so that it costs what the place holds.
 */
export class BuildSearches {
  readonly #tools: SearchTools;

  constructor(tools: SearchTools) {
    this.#tools = tools;
  }

  /** See `BuildSearches.searchArtifacts` of the port. */
  async artifacts(query: ArtifactSearch): Promise<Page<InBuild<Artifact>>> {
    const builds =
      query.madeFrom === undefined
        ? await this.#rows('artifacts', query)
        : await this.#newest('artifacts', query, mostRecentDocuments);
    return structuredClone(searchArtifacts(builds, query));
  }

  /** See `BuildSearches.searchAttempts` of the port. */
  async attempts(query: AttemptSearch): Promise<Page<InBuild<AttemptFacts>>> {
    return structuredClone(searchAttempts(await this.#rows('attempts', query), query));
  }

  /** See `BuildSearches.recentAttempts` of the port. */
  async recentAttempts(query: RecentAttempts): Promise<AttemptFacts[]> {
    const builds = await this.#newest('attempts', query, Math.min(query.builds, mostRecentDocuments));
    return structuredClone(recentAttempts(builds, query));
  }

  /**
   * Rows of the newest builds in a scope. Ids that BuildState makes ascend with time, so that these builds are looked for
   * among the last ones.
   */
  async #newest<K extends SearchedKind>(
    kind: K,
    scope: Scope,
    most: number,
  ): Promise<SearchedBuild<RowOf<K>>[]> {
    const { driver } = this.#tools;
    const keysOfHeads = (await listKeys(driver, keys.heads)).toSorted().reverse();
    const found: HeadDocument[] = [];
    for (let at = 0; at < Math.min(keysOfHeads.length, mostHeadsLookedAt) && found.length < most; ) {
      const next = keysOfHeads.slice(at, at + readTogether);
      at += next.length;
      found.push(...(await this.#heads(next, scope)));
    }
    const byId = new Map(found.map((document) => [document.head.build.id, document]));
    const newest = sorted(
      found.map(({ head }) => head.build),
      buildOrder,
    ).slice(0, most);
    return mapConcurrently(newest, readTogether, (build) =>
      this.#rowsOf(kind, byId.get(build.id) as HeadDocument),
    );
  }

  /** See `BuildSearches.searchResumeRequests` of the port. */
  async resumeRequests(query: ResumeRequestSearch): Promise<Page<InBuild<ResumeRequest>>> {
    return structuredClone(searchResumeRequests(await this.#rows('resumeRequests', query), query));
  }

  /** See `BuildSearches.tallyBuilds` of the port. */
  async tallyBuilds(query: BuildTallyQuery): Promise<BuildTally[]> {
    const documents = await this.#each(query, async ({ head }) => head.build);
    return tallyBuilds(documents, query);
  }

  /** See `BuildSearches.tallyArtifacts` of the port. */
  async tallyArtifacts(query: ArtifactTallyQuery): Promise<ArtifactTally[]> {
    return tallyArtifacts(await this.#rows('artifacts', query), query);
  }

  #rows<K extends SearchedKind>(kind: K, scope: Scope): Promise<SearchedBuild<RowOf<K>>[]> {
    return this.#each(scope, (document) => this.#rowsOf(kind, document));
  }

  async #rowsOf<K extends SearchedKind>(kind: K, document: HeadDocument): Promise<SearchedBuild<RowOf<K>>> {
    const { build } = document.head;
    const log = new LogReader(this.#tools.documents, build.id, document);
    const rows: BuildRows = await log.current([kind]);
    return { build, rows: rows[kind] as Iterable<RowOf<K>> };
  }

  /** Does the same with the newest head of every build in a scope. */
  async #each<T>(scope: Scope, work: (document: HeadDocument) => Promise<T>): Promise<T[]> {
    const all = await listKeys(this.#tools.driver, keys.heads);
    const results = await mapConcurrently(all, readTogether, async (key) => {
      const document = await this.#head(key, scope);
      return document === undefined ? [] : [await work(document)];
    });
    return results.flat();
  }

  async #heads(some: readonly string[], scope: Scope): Promise<HeadDocument[]> {
    const found = await mapConcurrently(some, readTogether, (key) => this.#head(key, scope));
    return found.flatMap((document) => document ?? []);
  }

  /** The newest head under a key, if it is of a build in a scope. */
  async #head(key: string, scope: Scope): Promise<HeadDocument | undefined> {
    const stored = await this.#tools.driver.get(key);
    const document = stored === undefined ? undefined : parseHead(stored.text);
    return document !== undefined && searchesIn(document.head.build, scope) ? document : undefined;
  }
}
