import { join } from 'node:path';
import type {
  ActorRecord,
  ApiToken,
  Artifact,
  ArtifactQuery,
  ArtifactSearch,
  ArtifactTally,
  ArtifactTallyQuery,
  Attempt,
  AttemptFacts,
  AttemptQuery,
  AttemptSearch,
  Build,
  BuildChange,
  BuildEvent,
  BuildJob,
  BuildQuery,
  BuildRef,
  BuildTally,
  BuildTallyQuery,
  Duty,
  DutyClaim,
  DutyEnd,
  EndedBuildQuery,
  Erasure,
  EventQuery,
  HistoryCut,
  InBuild,
  JsonObject,
  KeyedRequest,
  Lease,
  LoadedBuild,
  LoadNeeds,
  Page,
  PageQuery,
  Project,
  ProjectQuery,
  ProjectRef,
  RecentAttempts,
  Reference,
  ReferenceKind,
  RequestClaim,
  ResumeRequest,
  ResumeRequestSearch,
  StateStore,
  StoreCapabilities,
  StoreInspection,
  Timestamp,
  Variable,
  WaitingBuild,
  WaitingQuery,
  WholeBuild,
} from '@buildstate/core';
import { StoreError, UnavailableError } from '@buildstate/core/light';
import { makePrivateFolder } from '@buildstate/node-runtime';
import { folderSize } from '../../folder-size.ts';
import { tallyWhole } from '../../lists/tally-whole.ts';
import { buildIds } from '../../moving/store-records.ts';
import { migrate } from '../../sql/migrations/migrate.ts';
import { SqlStore } from '../../sql/sql-store.ts';
import { connectSqlite } from '../connect-sqlite.ts';
import { ensureDatabaseFile, refuseNetworkFileSystem } from '../database-file.ts';
import type { ResolvedSqliteOptions } from '../options.ts';
import { sqliteDialect } from '../sqlite-dialect.ts';
import { storeErrorOf } from '../sqlite-errors.ts';
import { indexName } from './build-file-name.ts';
import { BuildFiles } from './build-files.ts';
import { FolderBuilds } from './folder-builds.ts';
import { FolderIndex } from './folder-index.ts';
import { folderSchema } from './folder-schema.ts';

const capabilities: StoreCapabilities = { shared: true, durable: true, sql: true, globalStream: false };

/** The parts of an open folder. */
interface Parts {
  readonly common: SqlStore;
  readonly files: BuildFiles;
  readonly builds: FolderBuilds;
}

/**
 * A folder with one database for each build, and `index.db` for what is common: projects, reference data, keys, the
 * numbers of builds, and copies of the builds for lists. Both kinds of file are whole `SqlStore`s.
 */
export class FolderStore implements StateStore {
  readonly kind = 'sqlite';
  readonly uri: string;
  readonly capabilities = capabilities;
  readonly #folder: string;
  readonly #options: ResolvedSqliteOptions;
  readonly #running = new Set<Promise<unknown>>();
  #parts: Parts | undefined;

  constructor(uri: string, folder: string, options: ResolvedSqliteOptions) {
    this.uri = uri;
    this.#folder = folder;
    this.#options = options;
  }

  async open(): Promise<void> {
    await this.#prepareFolder();
    const { busyTimeoutMilliseconds: patience, checkpointPages, logger } = this.#options;
    const file = join(this.#folder, indexName);
    const session = await connectSqlite({ file, patience, checkpointPages });
    const common = new SqlStore({
      kind: this.kind,
      uri: this.uri,
      capabilities,
      dialect: sqliteDialect,
      connect: async () => session,
    });
    await common.open();
    try {
      await migrate(session, sqliteDialect, folderSchema, file);
    } catch (error) {
      await common.close();
      throw error;
    }
    const files = new BuildFiles(this.#folder, this.#options);
    const project = (id: string) => common.loadProject({ id });
    const builds = new FolderBuilds({ files, index: new FolderIndex(session), project, logger });
    this.#parts = { common, files, builds };
  }

  async close(): Promise<void> {
    const parts = this.#parts;
    this.#parts = undefined;
    await Promise.allSettled(this.#running);
    await parts?.files.close();
    await parts?.common.close();
  }

  async ping(): Promise<void> {
    await this.#open.common.ping();
  }

  async loadProject(ref: ProjectRef): Promise<Project | undefined> {
    return this.#open.common.loadProject(ref);
  }

  async listProjects(query: ProjectQuery): Promise<Page<Project>> {
    return this.#open.common.listProjects(query);
  }

  async saveProject(project: Project, expected: number): Promise<boolean> {
    return this.#open.common.saveProject(project, expected);
  }

  async loadReference(kind: ReferenceKind, ref: ProjectRef): Promise<Reference | undefined> {
    return this.#open.common.loadReference(kind, ref);
  }

  async listReferences(kind: ReferenceKind, query: ProjectQuery): Promise<Page<Reference>> {
    return this.#open.common.listReferences(kind, query);
  }

  async saveReference(
    kind: ReferenceKind,
    reference: Reference,
    expected?: Timestamp | null,
  ): Promise<boolean> {
    return this.#open.common.saveReference(kind, reference, expected);
  }

  async createBuild(change: BuildChange): Promise<{ readonly existing?: string }> {
    return this.#during(({ builds }) => builds.create(change));
  }

  async inspect(): Promise<StoreInspection> {
    const { schemaVersion } = await this.#open.common.inspect();
    return { schemaVersion, bytes: await folderSize(this.#folder), counts: await tallyWhole(this) };
  }

  async findDamage(): Promise<readonly string[]> {
    const { common } = this.#open;
    const found = [...(await common.findDamage())];
    for await (const id of buildIds(this)) {
      try {
        const problems = await this.#within(id, (store) => store.findDamage(), []);
        found.push(...problems.map((problem) => `build ${id}: ${problem}`));
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        found.push(`build ${id}: ${error.message.replace(/\.$/, '')}`);
      }
    }
    return found;
  }

  async listBuildIds(query: PageQuery): Promise<Page<string>> {
    return this.#during(async ({ builds, common }) => {
      await builds.finishCreations();
      return common.listBuildIds(query);
    });
  }

  async loadWholeBuild(id: string): Promise<WholeBuild | undefined> {
    return this.#within(id, (store) => store.loadWholeBuild(id), undefined);
  }

  async restoreBuild(build: WholeBuild): Promise<{ readonly existing?: string }> {
    return this.#during(({ builds }) => builds.create(build));
  }

  async findBuilds(ref: BuildRef): Promise<readonly string[]> {
    return this.#during(async ({ builds, common }) => {
      await builds.finishCreations();
      return common.findBuilds(ref);
    });
  }

  async loadBuild(id: string, needs?: LoadNeeds): Promise<LoadedBuild | undefined> {
    return this.#during(({ builds }) => builds.load(id, needs));
  }

  async commitBuild(change: BuildChange): Promise<'applied' | 'conflict'> {
    return this.#during(({ builds }) => builds.commit(change));
  }

  async renewLease(buildId: string, token: number): Promise<Lease | undefined> {
    return this.#during(({ builds }) => builds.renewLease(buildId, token));
  }

  async loadBuilds(ids: readonly string[]): Promise<readonly Build[]> {
    // From the builds' own files: decisions rest on them, and the copies in the index may be behind.
    const found = await Promise.all(ids.map((id) => this.#within(id, (store) => store.loadBuilds([id]), [])));
    return found.flat();
  }

  async listBuilds(query: BuildQuery): Promise<Page<Build>> {
    return this.#during(async ({ builds, common }) => {
      await builds.repair();
      return common.listBuilds(query);
    });
  }

  async listWaiting(query: WaitingQuery): Promise<readonly WaitingBuild[]> {
    return this.#during(async ({ builds, common }) => {
      const waiting = await common.listWaiting(query);
      if (waiting.length > 0) return waiting;
      // Perhaps the index only does not know of it.
      await builds.repairNowAndThen();
      return common.listWaiting(query);
    });
  }

  async listAttempts(buildId: string, query: AttemptQuery): Promise<Page<Attempt>> {
    return this.#within(buildId, (store) => store.listAttempts(buildId, query), { items: [] });
  }

  async loadAttempt(buildId: string, attemptId: string): Promise<Attempt | undefined> {
    return this.#within(buildId, (store) => store.loadAttempt(buildId, attemptId), undefined);
  }

  async listArtifacts(buildId: string, query: ArtifactQuery): Promise<Page<Artifact>> {
    return this.#within(buildId, (store) => store.listArtifacts(buildId, query), { items: [] });
  }

  async listVariables(buildId: string): Promise<readonly Variable[]> {
    return this.#within(buildId, (store) => store.listVariables(buildId), []);
  }

  async listEvents(buildId: string, query: EventQuery): Promise<Page<BuildEvent>> {
    return this.#within(buildId, (store) => store.listEvents(buildId, query), { items: [] });
  }

  async listResumeRequests(buildId: string): Promise<readonly ResumeRequest[]> {
    return this.#within(buildId, (store) => store.listResumeRequests(buildId), []);
  }

  async findResumeRequest(requestId: string): Promise<ResumeRequest | undefined> {
    return this.#during(async ({ builds, common }) => {
      await builds.repair();
      const copy = await common.findResumeRequest(requestId);
      if (copy === undefined) return undefined;
      return builds.within(copy.buildId, (store) => store.findResumeRequest(requestId), undefined);
    });
  }

  async listJobs(buildId: string): Promise<readonly BuildJob[]> {
    return this.#within(buildId, (store) => store.listJobs(buildId), []);
  }

  async searchArtifacts(query: ArtifactSearch): Promise<Page<InBuild<Artifact>>> {
    return this.#copied((common) => common.searchArtifacts(query));
  }

  async searchAttempts(query: AttemptSearch): Promise<Page<InBuild<AttemptFacts>>> {
    return this.#copied((common) => common.searchAttempts(query));
  }

  async recentAttempts(query: RecentAttempts): Promise<readonly AttemptFacts[]> {
    return this.#copied((common) => common.recentAttempts(query));
  }

  async searchResumeRequests(query: ResumeRequestSearch): Promise<Page<InBuild<ResumeRequest>>> {
    return this.#copied((common) => common.searchResumeRequests(query));
  }

  async tallyBuilds(query: BuildTallyQuery): Promise<readonly BuildTally[]> {
    return this.#copied((common) => common.tallyBuilds(query));
  }

  async tallyArtifacts(query: ArtifactTallyQuery): Promise<readonly ArtifactTally[]> {
    return this.#copied((common) => common.tallyArtifacts(query));
  }

  async loadToken(id: string): Promise<ApiToken | undefined> {
    return this.#open.common.loadToken(id);
  }

  async listTokens(): Promise<readonly ApiToken[]> {
    return this.#open.common.listTokens();
  }

  async saveToken(token: ApiToken): Promise<void> {
    await this.#open.common.saveToken(token);
  }

  async touchToken(id: string, lastUsedAt: Timestamp): Promise<void> {
    await this.#open.common.touchToken(id, lastUsedAt);
  }

  async findActors(name: string): Promise<readonly ActorRecord[]> {
    return this.#open.common.findActors(name);
  }

  async loadActors(ids: readonly string[]): Promise<readonly ActorRecord[]> {
    return this.#open.common.loadActors(ids);
  }

  async listActors(query: PageQuery): Promise<Page<ActorRecord>> {
    return this.#open.common.listActors(query);
  }

  async addActor(actor: ActorRecord): Promise<boolean> {
    return this.#open.common.addActor(actor);
  }

  async eraseActor(id: string, erasure: Erasure): Promise<void> {
    await this.#open.common.eraseActor(id, erasure);
  }

  async scrubActors(): Promise<void> {
    await this.#open.common.scrubActors();
  }

  async claimRequest(claim: RequestClaim, now: Timestamp): Promise<KeyedRequest> {
    return this.#open.common.claimRequest(claim, now);
  }

  async finishRequest(id: string, performer: string, answer: JsonObject): Promise<boolean> {
    return this.#open.common.finishRequest(id, performer, answer);
  }

  async releaseRequest(id: string, performer: string): Promise<void> {
    await this.#open.common.releaseRequest(id, performer);
  }

  async sweepRequests(now: Timestamp, limit: number): Promise<number> {
    return this.#open.common.sweepRequests(now, limit);
  }

  async takeDuty(claim: DutyClaim): Promise<Duty | undefined> {
    return this.#open.common.takeDuty(claim);
  }

  async renewDuty(name: string, token: number): Promise<boolean> {
    return this.#open.common.renewDuty(name, token);
  }

  async endDuty(name: string, token: number, end: DutyEnd): Promise<boolean> {
    return this.#open.common.endDuty(name, token, end);
  }

  async releaseDuty(name: string, token: number): Promise<void> {
    await this.#open.common.releaseDuty(name, token);
  }

  async listDuties(): Promise<readonly Duty[]> {
    return this.#open.common.listDuties();
  }

  async listEndedBuilds(query: EndedBuildQuery): Promise<Page<Build>> {
    return this.#during(async ({ builds, common }) => {
      await builds.repair();
      return common.listEndedBuilds(query);
    });
  }

  async trimHistory(buildId: string, cut: HistoryCut): Promise<boolean> {
    return this.#during(async ({ builds, common }) => {
      if (!(await builds.within(buildId, (store) => store.trimHistory(buildId, cut), true))) return false;
      await builds.copyTrimmed(buildId);
      // The copies for searches go with what they are copies of.
      return common.trimHistory(buildId, cut);
    });
  }

  async tidy(): Promise<number> {
    return 0;
  }

  async #prepareFolder(): Promise<void> {
    try {
      refuseNetworkFileSystem(this.#folder, this.#options.isNetworkFileSystem);
      await makePrivateFolder(this.#folder);
      await ensureDatabaseFile(join(this.#folder, indexName));
    } catch (error) {
      throw storeErrorOf(error, this.#folder);
    }
  }

  /** Answers from copies that agree with the files of all builds. */
  #copied<T>(work: (common: SqlStore) => Promise<T>): Promise<T> {
    return this.#during(async ({ builds, common }) => {
      await builds.copyRows();
      return work(common);
    });
  }

  #within<T>(buildId: string, work: (store: SqlStore) => Promise<T>, otherwise: T): Promise<T> {
    return this.#during(({ builds }) => builds.within(buildId, work, otherwise));
  }

  /** What is done with builds takes several steps in several files; closing waits for the last of them. */
  async #during<T>(work: (parts: Parts) => Promise<T>): Promise<T> {
    const running = work(this.#open);
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  get #open(): Parts {
    if (this.#parts === undefined) throw new UnavailableError(`The store ${this.uri} is not open.`);
    return this.#parts;
  }
}
