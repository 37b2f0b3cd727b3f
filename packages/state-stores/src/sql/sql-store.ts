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
  EventStream,
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
  StoreHint,
  StoreInspection,
  Timestamp,
  Variable,
  WaitingBuild,
  WaitingQuery,
  WatchedStore,
  WholeBuild,
} from '@buildstate/core';
import { StoreError, UnavailableError } from '@buildstate/core/light';
import { ActorTable } from './access/actor-table.ts';
import { TokenTable } from './access/token-table.ts';
import { BuildLists } from './builds/build-lists.ts';
import { BuildLoader } from './builds/build-loader.ts';
import { BuildRows, type RowList } from './builds/build-rows.ts';
import { BuildSearches } from './builds/build-searches.ts';
import { BuildTallies } from './builds/build-tallies.ts';
import { BuildWriter } from './builds/build-writer.ts';
import { HistoryLists } from './builds/history-lists.ts';
import { WaitingBuildLists } from './builds/waiting-builds.ts';
import { WholeBuildTables } from './builds/whole-builds.ts';
import type { SqlContext } from './context.ts';
import type { SqlDialect, SqlSession } from './dialect.ts';
import { DutyTable } from './duties/duty-table.ts';
import { EventTable } from './events/event-table.ts';
import { HistoryTable } from './history/history-table.ts';
import { findDamage, inspectDatabase } from './inspect.ts';
import { migrate } from './migrations/migrate.ts';
import { storeSchema } from './migrations/schedule.ts';
import { ProjectTables } from './projects/project-tables.ts';
import { ReferenceTables } from './projects/reference-tables.ts';
import { readRows } from './read.ts';
import { RequestTable } from './requests/request-table.ts';

/** A database that a store can be put on. */
export interface SqlDatabase {
  /** What kind it is. */
  readonly kind: string;
  /** Where it is, for people; never with credentials. */
  readonly uri: string;
  /** What it can do. */
  readonly capabilities: StoreCapabilities;
  /** How it differs from other SQL databases. */
  readonly dialect: SqlDialect;
  /** Opens it. Called once. */
  connect(): Promise<SqlSession>;
  /** Puts right what is not as this database needs it, after the schema was brought up to date. @default nothing */
  prepare?(session: SqlSession): Promise<void>;
}

/** The parts of an open store. */
interface Parts {
  readonly session: SqlSession;
  readonly projects: ProjectTables;
  readonly references: ReferenceTables;
  readonly tokens: TokenTable;
  readonly actors: ActorTable;
  readonly requests: RequestTable;
  readonly duties: DutyTable;
  readonly histories: HistoryTable;
  readonly loader: BuildLoader;
  readonly writer: BuildWriter;
  readonly builds: BuildLists;
  readonly waiting: WaitingBuildLists;
  readonly history: HistoryLists;
  readonly rows: BuildRows;
  readonly whole: WholeBuildTables;
  readonly searches: BuildSearches;
  readonly tallies: BuildTallies;
  readonly events: EventTable;
}

function partsOf(context: SqlContext): Parts {
  const projects = new ProjectTables(context);
  return {
    session: context.session,
    projects,
    references: new ReferenceTables(context),
    tokens: new TokenTable(context),
    actors: new ActorTable(context),
    requests: new RequestTable(context),
    duties: new DutyTable(context),
    histories: new HistoryTable(context),
    loader: new BuildLoader(context, (id, revision) => projects.at(id, revision)),
    writer: new BuildWriter(context),
    builds: new BuildLists(context),
    waiting: new WaitingBuildLists(context),
    history: new HistoryLists(context),
    rows: new BuildRows(context.dialect),
    whole: new WholeBuildTables(context),
    searches: new BuildSearches(context),
    tallies: new BuildTallies(context),
    events: new EventTable(context),
  };
}

/**
 * A state store in normalised tables of an SQL database. One implementation for all of them: what differs is behind
 * `SqlDialect` and `SqlSession`. Each method is explained where its statements are.
 */
export class SqlStore implements StateStore {
  readonly kind: string;
  readonly uri: string;
  readonly capabilities: StoreCapabilities;
  readonly watch?: WatchedStore['watch'];
  readonly readStream?: EventStream['readStream'];
  readonly hasPosition?: EventStream['hasPosition'];
  readonly #database: SqlDatabase;
  #parts: Parts | undefined;

  constructor(database: SqlDatabase) {
    this.#database = database;
    this.kind = database.kind;
    this.uri = database.uri;
    this.capabilities = database.capabilities;
    if (database.capabilities.push === true) this.watch = (listener) => this.#watch(listener);
    if (!database.capabilities.globalStream) return;
    this.readStream = async (query) => this.#open.events.readStream(query);
    this.hasPosition = async (position) => this.#open.events.hasPosition(position);
  }

  async open(): Promise<void> {
    const { dialect, uri } = this.#database;
    const session = await this.#database.connect();
    try {
      await migrate(session, dialect, storeSchema, uri);
      await this.#database.prepare?.(session);
    } catch (error) {
      await session.close();
      throw error;
    }
    this.#parts = partsOf({ dialect, session });
  }

  async close(): Promise<void> {
    const parts = this.#parts;
    this.#parts = undefined;
    await parts?.session.close();
  }

  async ping(): Promise<void> {
    await this.#open.session.read([{ sql: 'select 1', parameters: [] }]);
  }

  async loadProject(ref: ProjectRef): Promise<Project | undefined> {
    return this.#open.projects.load(ref);
  }

  async listProjects(query: ProjectQuery): Promise<Page<Project>> {
    return this.#open.projects.list(query);
  }

  async saveProject(project: Project, expected: number): Promise<boolean> {
    return this.#open.projects.save(project, expected);
  }

  async loadReference(kind: ReferenceKind, ref: ProjectRef): Promise<Reference | undefined> {
    return this.#open.references.load(kind, ref);
  }

  async listReferences(kind: ReferenceKind, query: ProjectQuery): Promise<Page<Reference>> {
    return this.#open.references.list(kind, query);
  }

  async saveReference(
    kind: ReferenceKind,
    reference: Reference,
    expected?: Timestamp | null,
  ): Promise<boolean> {
    return this.#open.references.save(kind, reference, expected);
  }

  async createBuild(change: BuildChange): Promise<{ readonly existing?: string }> {
    return this.#open.writer.create(change);
  }

  async inspect(): Promise<StoreInspection> {
    return inspectDatabase({ dialect: this.#database.dialect, session: this.#open.session });
  }

  async findDamage(): Promise<readonly string[]> {
    return findDamage({ dialect: this.#database.dialect, session: this.#open.session });
  }

  async listBuildIds(query: PageQuery): Promise<Page<string>> {
    return this.#open.whole.listIds(query);
  }

  async loadWholeBuild(id: string): Promise<WholeBuild | undefined> {
    return this.#open.whole.load(id);
  }

  async restoreBuild(build: WholeBuild): Promise<{ readonly existing?: string }> {
    const { whole, builds } = this.#open;
    if (await whole.restore(build)) return {};
    const { id, projectId, buildNumber } = build.head.build;
    const [sameId] = await builds.find({ id });
    // Builds are never removed, so what was in the way is still there.
    const [sameNumber = id] = await builds.find({ projectId, buildNumber });
    return { existing: sameId ?? sameNumber };
  }

  async findBuilds(ref: BuildRef): Promise<readonly string[]> {
    return this.#open.builds.find(ref);
  }

  async loadBuild(id: string, needs?: LoadNeeds): Promise<LoadedBuild | undefined> {
    return this.#open.loader.load(id, needs);
  }

  async commitBuild(change: BuildChange): Promise<'applied' | 'conflict'> {
    // Waited for here, a transition comes back two turns of the queue earlier.
    return await this.#open.writer.commit(change);
  }

  async renewLease(buildId: string, token: number): Promise<Lease | undefined> {
    return this.#open.writer.renewLease(buildId, token);
  }

  async loadBuilds(ids: readonly string[]): Promise<readonly Build[]> {
    return this.#open.builds.load(ids);
  }

  async listBuilds(query: BuildQuery): Promise<Page<Build>> {
    return this.#open.builds.list(query);
  }

  async listWaiting(query: WaitingQuery): Promise<readonly WaitingBuild[]> {
    return this.#open.waiting.list(query);
  }

  async listAttempts(buildId: string, query: AttemptQuery): Promise<Page<Attempt>> {
    return this.#open.history.listAttempts(buildId, query);
  }

  async loadAttempt(buildId: string, attemptId: string): Promise<Attempt | undefined> {
    return this.#open.history.loadAttempt(buildId, attemptId);
  }

  async listArtifacts(buildId: string, query: ArtifactQuery): Promise<Page<Artifact>> {
    return this.#open.history.listArtifacts(buildId, query);
  }

  async listVariables(buildId: string): Promise<readonly Variable[]> {
    return this.#list(this.#open.rows.variables(buildId));
  }

  async listEvents(buildId: string, query: EventQuery): Promise<Page<BuildEvent>> {
    return this.#open.history.listEvents(buildId, query);
  }

  async listResumeRequests(buildId: string): Promise<readonly ResumeRequest[]> {
    return this.#list(this.#open.rows.resumeRequests(buildId));
  }

  async findResumeRequest(requestId: string): Promise<ResumeRequest | undefined> {
    return (await this.#list(this.#open.rows.resumeRequest(requestId)))[0];
  }

  async listJobs(buildId: string): Promise<readonly BuildJob[]> {
    return this.#list(this.#open.rows.jobs(buildId));
  }

  async searchArtifacts(query: ArtifactSearch): Promise<Page<InBuild<Artifact>>> {
    return this.#open.searches.searchArtifacts(query);
  }

  async searchAttempts(query: AttemptSearch): Promise<Page<InBuild<AttemptFacts>>> {
    return this.#open.searches.searchAttempts(query);
  }

  async recentAttempts(query: RecentAttempts): Promise<readonly AttemptFacts[]> {
    return this.#open.searches.recentAttempts(query);
  }

  async searchResumeRequests(query: ResumeRequestSearch): Promise<Page<InBuild<ResumeRequest>>> {
    return this.#open.searches.searchResumeRequests(query);
  }

  async tallyBuilds(query: BuildTallyQuery): Promise<readonly BuildTally[]> {
    return this.#open.tallies.builds(query);
  }

  async tallyArtifacts(query: ArtifactTallyQuery): Promise<readonly ArtifactTally[]> {
    return this.#open.tallies.artifacts(query);
  }

  async loadToken(id: string): Promise<ApiToken | undefined> {
    return this.#open.tokens.load(id);
  }

  async listTokens(): Promise<readonly ApiToken[]> {
    return this.#open.tokens.list();
  }

  async saveToken(token: ApiToken): Promise<void> {
    await this.#open.tokens.save(token);
  }

  async touchToken(id: string, lastUsedAt: Timestamp): Promise<void> {
    await this.#open.tokens.touch(id, lastUsedAt);
  }

  async findActors(name: string): Promise<readonly ActorRecord[]> {
    return this.#open.actors.findActors(name);
  }

  async loadActors(ids: readonly string[]): Promise<readonly ActorRecord[]> {
    return this.#open.actors.loadActors(ids);
  }

  async listActors(query: PageQuery): Promise<Page<ActorRecord>> {
    return this.#open.actors.listActors(query);
  }

  async addActor(actor: ActorRecord): Promise<boolean> {
    return this.#open.actors.addActor(actor);
  }

  async eraseActor(id: string, erasure: Erasure): Promise<void> {
    await this.#open.actors.eraseActor(id, erasure);
  }

  async scrubActors(): Promise<void> {
    await this.#open.actors.scrubActors();
  }

  async claimRequest(claim: RequestClaim, now: Timestamp): Promise<KeyedRequest> {
    return this.#open.requests.claimRequest(claim, now);
  }

  async finishRequest(id: string, performer: string, answer: JsonObject): Promise<boolean> {
    return this.#open.requests.finishRequest(id, performer, answer);
  }

  async releaseRequest(id: string, performer: string): Promise<void> {
    await this.#open.requests.releaseRequest(id, performer);
  }

  async sweepRequests(now: Timestamp, limit: number): Promise<number> {
    return this.#open.requests.sweepRequests(now, limit);
  }

  async takeDuty(claim: DutyClaim): Promise<Duty | undefined> {
    return this.#open.duties.takeDuty(claim);
  }

  async renewDuty(name: string, token: number): Promise<boolean> {
    return this.#open.duties.renewDuty(name, token);
  }

  async endDuty(name: string, token: number, end: DutyEnd): Promise<boolean> {
    return this.#open.duties.endDuty(name, token, end);
  }

  async releaseDuty(name: string, token: number): Promise<void> {
    await this.#open.duties.releaseDuty(name, token);
  }

  async listDuties(): Promise<readonly Duty[]> {
    return this.#open.duties.listDuties();
  }

  async listEndedBuilds(query: EndedBuildQuery): Promise<Page<Build>> {
    return this.#open.histories.listEndedBuilds(query);
  }

  async trimHistory(buildId: string, cut: HistoryCut): Promise<boolean> {
    return this.#open.histories.trimHistory(buildId, cut);
  }

  async tidy(): Promise<number> {
    return 0;
  }

  async #list<R>(list: RowList<R>): Promise<readonly R[]> {
    return list.records(await readRows(this.#open.session, list.statement));
  }

  async #watch(listener: (hint: StoreHint) => void): Promise<() => Promise<void>> {
    const { session } = this.#open;
    if (session.watch === undefined) throw new StoreError(`The store ${this.uri} gives no word of changes.`);
    return session.watch(listener);
  }

  get #open(): Parts {
    if (this.#parts === undefined) throw new UnavailableError(`The store ${this.uri} is not open.`);
    return this.#parts;
  }
}
