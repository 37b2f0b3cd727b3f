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
  ResumeRequest,
  ResumeRequestSearch,
} from '@buildstate/core';
import type { BuildRows, RowOf } from '../lists/needs.ts';
import {
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
import { mapConcurrently } from './map-concurrently.ts';

/** How many builds are read at once. */
const readTogether = 16;

/** What searches read with. */
export interface SearchTools {
  /** The place. */
  readonly driver: DocumentDriver;
  /** Its documents that never change. */
  readonly documents: FixedDocuments;
}

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
    return structuredClone(searchArtifacts(await this.#rows('artifacts', query), query));
  }

  /** See `BuildSearches.searchAttempts` of the port. */
  async attempts(query: AttemptSearch): Promise<Page<InBuild<AttemptFacts>>> {
    return structuredClone(searchAttempts(await this.#rows('attempts', query), query));
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

  #rows<K extends 'artifacts' | 'attempts' | 'resumeRequests'>(
    kind: K,
    scope: Scope,
  ): Promise<SearchedBuild<RowOf<K>>[]> {
    return this.#each(scope, async (document) => {
      const { build } = document.head;
      const log = new LogReader(this.#tools.documents, build.id, document);
      const rows: BuildRows = await log.current([kind]);
      return { build, rows: rows[kind] as Iterable<RowOf<K>> };
    });
  }

  /** Does the same with the newest head of every build in a scope. */
  async #each<T>(scope: Scope, work: (document: HeadDocument) => Promise<T>): Promise<T[]> {
    const { driver } = this.#tools;
    const results = await mapConcurrently(await listKeys(driver, keys.heads), readTogether, async (key) => {
      const stored = await driver.get(key);
      const document = stored === undefined ? undefined : parseHead(stored.text);
      if (document === undefined || !searchesIn(document.head.build, scope)) return [];
      return [await work(document)];
    });
    return results.flat();
  }
}
