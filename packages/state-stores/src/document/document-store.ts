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
  Clock,
  Duty,
  DutyClaim,
  DutyEnd,
  EndedBuildQuery,
  Erasure,
  EventQuery,
  HistoryCut,
  Ids,
  InBuild,
  JsonObject,
  KeyedRequest,
  Lease,
  LoadedBuild,
  LoadNeeds,
  Logger,
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
import { StoreError, silentLogger } from '@buildstate/core/light';
import { createIds, systemClock } from '@buildstate/node-runtime';
import { tallyWhole } from '../lists/tally-whole.ts';
import { ActorDocuments } from './actors.ts';
import { BuildReader } from './build-reader.ts';
import { BuildRowLists } from './build-row-lists.ts';
import { BuildSearches } from './build-searches.ts';
import { BuildWriter } from './build-writer.ts';
import type { DocumentDriver } from './driver.ts';
import { DutyDocuments } from './duty-documents.ts';
import { FixedDocuments } from './fixed-documents.ts';
import { HeadDocuments } from './head-documents.ts';
import { DocumentHistories } from './histories.ts';
import { type DocumentLimits, defaultLimits } from './limits.ts';
import type { NamedRecords } from './named-records.ts';
import { openPlace, placeFormat } from './open-place.ts';
import { projectRecords, referenceRecords, saveProject, saveReference } from './projects.ts';
import { RequestDocuments } from './request-documents.ts';
import { type SweepResult, sweep, sweepFew } from './sweep.ts';
import { TokenDocuments } from './tokens.ts';
import { WaitingBuildReader } from './waiting-builds.ts';
import { WholeBuildReader } from './whole-builds.ts';
import { WorkInProgress } from './work-in-progress.ts';

/** Options of a store of documents. */
export interface DocumentStoreOptions {
  /** The store's time: such stores have no clock of their own. @default the machine's */
  readonly clock?: Clock;
  /** Makes names of documents. @default UUIDv7 */
  readonly ids?: Ids;
  /** Hears of what could not be cleaned up. @default silent */
  readonly logger?: Logger;
  /** How builds are cut into documents. @default see `DocumentLimits` */
  readonly limits?: Partial<DocumentLimits>;
  /** How much JSON is kept in memory, in bytes. @default 33554432 */
  readonly cacheBytes?: number;
  /**
   * How often opening the store sweeps a few builds besides, from 0 for never to 1 for always.
   * @default 1/64
   */
  readonly sweepShare?: number;
}

/** How builds are swept when a store is opened: with a day's grace, a few of them. */
const inPassing = { graceSeconds: 86_400, most: 8 } as const;

/**
 * A store on anything that keeps documents and can compare and set one at a time.
 *
 * A build is a small *head*, which every change compares and sets, and a log of all changes: the newest
 * entries in the head, older ones in immutable segments that are written before the head names them. The
 * current value of a record is the last one in the log. Answers to reports that left the head are documents of
 * their own, so that a report is known for ever at the cost of one look.
 */
export class DocumentStore implements StateStore {
  readonly kind: string;
  readonly uri: string;
  readonly capabilities: StoreCapabilities;
  readonly #driver: DocumentDriver;
  readonly #tools;
  readonly #reader: BuildReader;
  readonly #waiting: WaitingBuildReader;
  readonly #writer: BuildWriter;
  readonly #rows: BuildRowLists;
  readonly #whole: WholeBuildReader;
  readonly #searches: BuildSearches;
  readonly #projects: NamedRecords<Project>;
  readonly #tokens: TokenDocuments;
  readonly #actors: ActorDocuments;
  readonly #requests: RequestDocuments;
  readonly #duties: DutyDocuments;
  readonly #histories: DocumentHistories;
  readonly #work = new WorkInProgress();
  readonly #sweepShare: number;
  readonly #logger: Logger;

  constructor(driver: DocumentDriver, options: DocumentStoreOptions = {}) {
    const {
      clock = systemClock,
      ids = createIds(),
      logger = silentLogger,
      cacheBytes = 32 * 1024 * 1024,
    } = options;
    this.#sweepShare = options.sweepShare ?? 1 / 64;
    this.#logger = logger;
    const { shared, durable } = driver.traits;
    this.kind = driver.kind;
    this.uri = driver.uri;
    this.capabilities = { shared, durable, sql: false, globalStream: false };
    this.#driver = driver;
    const documents = new FixedDocuments(driver, clock, logger, cacheBytes / 2);
    const heads = new HeadDocuments(driver, clock, documents, cacheBytes / 2);
    const limits = { ...defaultLimits, ...options.limits };
    this.#tools = { driver, clock, documents, heads, limits, nonce: () => ids.uuid() };
    this.#projects = projectRecords(this.#tools);
    this.#reader = new BuildReader({ ...this.#tools, projects: this.#projects });
    this.#writer = new BuildWriter(this.#tools);
    this.#rows = new BuildRowLists(this.#reader);
    this.#waiting = new WaitingBuildReader(this.#tools);
    this.#searches = new BuildSearches(this.#tools);
    this.#tokens = new TokenDocuments(this.#tools);
    this.#actors = new ActorDocuments(this.#tools);
    this.#requests = new RequestDocuments(this.#tools);
    this.#duties = new DutyDocuments(this.#tools);
    this.#histories = new DocumentHistories(this.#tools);
    this.#whole = new WholeBuildReader(this.#tools);
  }

  async open(): Promise<void> {
    await openPlace(this.#tools);
    if (this.#chance() < this.#sweepShare) void this.#work.track(this.#sweepInPassing());
  }

  /** Removes what dead writers left in a few builds. Nobody waits for it but `close`, and nothing fails with it. */
  async #sweepInPassing(): Promise<void> {
    try {
      const { removed } = await sweepFew(this.#tools, { ...inPassing, from: this.#chance() });
      if (removed > 0) this.#logger.debug({ removed }, 'Documents that dead writers left were removed.');
    } catch (error) {
      this.#logger.warn({ err: error }, 'Documents that dead writers left could not be removed.');
    }
  }

  /** A number from 0 to 1, from the random end of an id. */
  #chance(): number {
    return Number.parseInt(this.#tools.nonce().slice(-8), 16) / 2 ** 32;
  }

  async close(): Promise<void> {
    await this.#work.finished();
    await this.#driver.close?.();
  }

  async ping(): Promise<void> {
    await this.#driver.probe();
  }

  /**
   * Removes documents that writers left behind when they died. Safe at any time, also while others write.
   * @param graceSeconds younger documents are left alone. @default a day
   */
  sweep(graceSeconds: number = inPassing.graceSeconds, signal?: AbortSignal): Promise<SweepResult> {
    return this.#work.track(sweep(this.#tools, graceSeconds, signal));
  }

  listEndedBuilds(query: EndedBuildQuery): Promise<Page<Build>> {
    return this.#histories.listEndedBuilds(query);
  }

  trimHistory(buildId: string, cut: HistoryCut): Promise<boolean> {
    return this.#work.track(this.#histories.trimHistory(buildId, cut));
  }

  async tidy(signal?: AbortSignal): Promise<number> {
    const { removed } = await this.sweep(inPassing.graceSeconds, signal);
    const files = await this.#work.track(this.#driver.tidy?.(inPassing.graceSeconds) ?? Promise.resolve(0));
    return removed + files;
  }

  loadProject(ref: ProjectRef): Promise<Project | undefined> {
    return this.#projects.load(ref);
  }

  listProjects(query: ProjectQuery): Promise<Page<Project>> {
    return this.#projects.list(query);
  }

  saveProject(project: Project, expected: number): Promise<boolean> {
    return this.#work.track(saveProject(this.#projects, project, expected));
  }

  loadReference(kind: ReferenceKind, ref: ProjectRef): Promise<Reference | undefined> {
    return referenceRecords(this.#tools, kind).load(ref);
  }

  listReferences(kind: ReferenceKind, query: ProjectQuery): Promise<Page<Reference>> {
    return referenceRecords(this.#tools, kind).list(query);
  }

  saveReference(kind: ReferenceKind, reference: Reference, expected?: Timestamp | null): Promise<boolean> {
    const records = referenceRecords(this.#tools, kind);
    return this.#work.track(saveReference(this.#tools, records, reference, expected));
  }

  createBuild(change: BuildChange): Promise<{ readonly existing?: string }> {
    return this.#work.track(this.#writer.create(change));
  }

  async inspect(): Promise<StoreInspection> {
    const bytes = (await this.#driver.size?.()) ?? null;
    return { schemaVersion: placeFormat, bytes, counts: await tallyWhole(this) };
  }

  async findDamage(): Promise<readonly string[]> {
    return [];
  }

  listBuildIds(query: PageQuery): Promise<Page<string>> {
    return this.#whole.listIds(query);
  }

  loadWholeBuild(id: string): Promise<WholeBuild | undefined> {
    return this.#whole.load(id);
  }

  restoreBuild(build: WholeBuild): Promise<{ readonly existing?: string }> {
    return this.#work.track(this.#restore(build));
  }

  async #restore(build: WholeBuild): Promise<{ readonly existing?: string }> {
    const { id, projectId } = build.head.build;
    if ((await this.#projects.read(projectId)) !== undefined) return this.#writer.restore(build);
    throw new StoreError(`Build ${id} belongs to project ${projectId}, which is not there.`);
  }

  findBuilds(ref: BuildRef): Promise<readonly string[]> {
    return this.#reader.find(ref);
  }

  loadBuild(id: string, needs: LoadNeeds = {}): Promise<LoadedBuild | undefined> {
    return this.#reader.load(id, needs);
  }

  commitBuild(change: BuildChange): Promise<'applied' | 'conflict'> {
    return this.#work.track(this.#writer.commit(change));
  }

  renewLease(buildId: string, token: number): Promise<Lease | undefined> {
    return this.#work.track(this.#writer.renew(buildId, token));
  }

  loadBuilds(ids: readonly string[]): Promise<readonly Build[]> {
    return this.#reader.loadRecords(ids);
  }

  listBuilds(query: BuildQuery): Promise<Page<Build>> {
    return this.#reader.list(query);
  }

  listWaiting(query: WaitingQuery): Promise<readonly WaitingBuild[]> {
    return this.#waiting.list(query);
  }

  listAttempts(buildId: string, query: AttemptQuery): Promise<Page<Attempt>> {
    return this.#rows.attempts(buildId, query);
  }

  loadAttempt(buildId: string, attemptId: string): Promise<Attempt | undefined> {
    return this.#rows.attempt(buildId, attemptId);
  }

  listArtifacts(buildId: string, query: ArtifactQuery): Promise<Page<Artifact>> {
    return this.#rows.artifacts(buildId, query);
  }

  listVariables(buildId: string): Promise<readonly Variable[]> {
    return this.#rows.variables(buildId);
  }

  listEvents(buildId: string, query: EventQuery): Promise<Page<BuildEvent>> {
    return this.#rows.events(buildId, query);
  }

  listResumeRequests(buildId: string): Promise<readonly ResumeRequest[]> {
    return this.#rows.resumeRequests(buildId);
  }

  findResumeRequest(requestId: string): Promise<ResumeRequest | undefined> {
    return this.#reader.findResumeRequest(requestId);
  }

  listJobs(buildId: string): Promise<readonly BuildJob[]> {
    return this.#rows.jobs(buildId);
  }

  searchArtifacts(query: ArtifactSearch): Promise<Page<InBuild<Artifact>>> {
    return this.#searches.artifacts(query);
  }

  searchAttempts(query: AttemptSearch): Promise<Page<InBuild<AttemptFacts>>> {
    return this.#searches.attempts(query);
  }

  recentAttempts(query: RecentAttempts): Promise<readonly AttemptFacts[]> {
    return this.#searches.recentAttempts(query);
  }

  searchResumeRequests(query: ResumeRequestSearch): Promise<Page<InBuild<ResumeRequest>>> {
    return this.#searches.resumeRequests(query);
  }

  tallyBuilds(query: BuildTallyQuery): Promise<readonly BuildTally[]> {
    return this.#searches.tallyBuilds(query);
  }

  tallyArtifacts(query: ArtifactTallyQuery): Promise<readonly ArtifactTally[]> {
    return this.#searches.tallyArtifacts(query);
  }

  loadToken(id: string): Promise<ApiToken | undefined> {
    return this.#tokens.load(id);
  }

  listTokens(): Promise<readonly ApiToken[]> {
    return this.#tokens.list();
  }

  saveToken(token: ApiToken): Promise<void> {
    return this.#work.track(this.#tokens.save(token));
  }

  touchToken(id: string, lastUsedAt: Timestamp): Promise<void> {
    return this.#work.track(this.#tokens.touch(id, lastUsedAt));
  }

  findActors(name: string): Promise<readonly ActorRecord[]> {
    return this.#actors.findActors(name);
  }

  loadActors(ids: readonly string[]): Promise<readonly ActorRecord[]> {
    return this.#actors.loadActors(ids);
  }

  listActors(query: PageQuery): Promise<Page<ActorRecord>> {
    return this.#actors.listActors(query);
  }

  addActor(actor: ActorRecord): Promise<boolean> {
    return this.#work.track(this.#actors.addActor(actor));
  }

  eraseActor(id: string, erasure: Erasure): Promise<void> {
    return this.#work.track(this.#actors.eraseActor(id, erasure));
  }

  async scrubActors(): Promise<void> {
    await this.#actors.scrubActors();
  }

  claimRequest(claim: RequestClaim, now: Timestamp): Promise<KeyedRequest> {
    return this.#work.track(this.#requests.claimRequest(claim, now));
  }

  finishRequest(id: string, performer: string, answer: JsonObject): Promise<boolean> {
    return this.#work.track(this.#requests.finishRequest(id, performer, answer));
  }

  releaseRequest(id: string, performer: string): Promise<void> {
    return this.#work.track(this.#requests.releaseRequest(id, performer));
  }

  sweepRequests(now: Timestamp, limit: number): Promise<number> {
    return this.#work.track(this.#requests.sweepRequests(now, limit));
  }

  takeDuty(claim: DutyClaim): Promise<Duty | undefined> {
    return this.#work.track(this.#duties.takeDuty(claim));
  }

  renewDuty(name: string, token: number): Promise<boolean> {
    return this.#work.track(this.#duties.renewDuty(name, token));
  }

  endDuty(name: string, token: number, end: DutyEnd): Promise<boolean> {
    return this.#work.track(this.#duties.endDuty(name, token, end));
  }

  releaseDuty(name: string, token: number): Promise<void> {
    return this.#work.track(this.#duties.releaseDuty(name, token));
  }

  listDuties(): Promise<readonly Duty[]> {
    return this.#duties.listDuties();
  }
}
