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
  StreamPart,
  StreamQuery,
  Timestamp,
  Variable,
  WaitingBuild,
  WaitingQuery,
  WholeBuild,
} from '@buildstate/core';
import { hasEnded, pageOf, StoreError, sorted } from '@buildstate/core/light';
import { systemClock } from '@buildstate/node-runtime';
import { isAsExpected } from '../lists/expected-entry.ts';
import { matchesArtifact, matchesAttempt, matchesBuild } from '../lists/filters.ts';
import { expectationHolds, renewed } from '../lists/lease-guard.ts';
import { type BuildRows, liveVariables, type RowOf, selectNeeds } from '../lists/needs.ts';
import {
  artifactOrder,
  attemptOrder,
  buildOrder,
  eventOrder,
  idOrder,
  jobOrder,
  requestOrder,
  tokenOrder,
} from '../lists/orders.ts';
import {
  recentAttempts,
  type SearchedBuild,
  searchArtifacts,
  searchAttempts,
  searchResumeRequests,
  tallyArtifacts,
  tallyBuilds,
} from '../lists/searches.ts';
import { tallyWhole } from '../lists/tally-whole.ts';
import { endOrder, matchesEnded, trimmed } from '../lists/trim-history.ts';
import { isWaiting, oldest } from '../lists/waiting.ts';
import { ActorMap } from './actor-map.ts';
import { applyChange, type BuildRecord, newRecord, rowsOf, valuesOf } from './build-record.ts';
import { DutyMap } from './duty-map.ts';
import { EventLine } from './event-line.ts';
import { NamedMap } from './named-map.ts';
import { RequestMap } from './request-map.ts';
import { recordOf, wholeOf } from './whole-builds.ts';

/** Options of a store in memory. */
export interface MemoryStoreOptions {
  /** The store's time. @default the machine's */
  readonly clock?: Clock;
}

/**
 * Keeps everything in this process, for tests and for trying things out: gone when the process ends, or when
 * the last reference to the store is.
 *
 * Every method does its work before it first waits, so that each is one atomic step. Records are copied on the
 * way in and out: what callers do with theirs never shows here.
 */
class MemoryStore implements StateStore {
  readonly kind = 'memory';
  readonly uri = 'memory:';
  readonly capabilities: StoreCapabilities = {
    shared: false,
    durable: false,
    sql: false,
    globalStream: true,
    guardsRecentHeads: true,
  };
  readonly #clock: Clock;
  readonly #projects = new NamedMap<Project>();
  readonly #references = new Map<ReferenceKind, NamedMap<Reference>>();
  readonly #builds = new Map<string, BuildRecord>();
  readonly #line = new EventLine();
  readonly #tokens = new Map<string, ApiToken>();
  readonly #actors = new ActorMap();
  readonly #requests = new RequestMap();
  readonly #duties: DutyMap;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#duties = new DutyMap(clock);
  }

  async open(): Promise<void> {}

  async close(): Promise<void> {}

  async ping(): Promise<void> {}

  async loadProject(ref: ProjectRef): Promise<Project | undefined> {
    return this.#projects.load(ref);
  }

  async listProjects(query: ProjectQuery): Promise<Page<Project>> {
    return this.#projects.list(query);
  }

  async saveProject(project: Project, expected: number): Promise<boolean> {
    const revision = this.#projects.load({ id: project.id })?.revision ?? 0;
    return revision === expected && this.#projects.save(project);
  }

  async loadReference(kind: ReferenceKind, ref: ProjectRef): Promise<Reference | undefined> {
    return this.#kind(kind).load(ref);
  }

  async listReferences(kind: ReferenceKind, query: ProjectQuery): Promise<Page<Reference>> {
    return this.#kind(kind).list(query);
  }

  async saveReference(
    kind: ReferenceKind,
    reference: Reference,
    expected?: Timestamp | null,
  ): Promise<boolean> {
    const stored = this.#kind(kind).load({ id: reference.id });
    return isAsExpected(stored, expected) && this.#kind(kind).save(reference);
  }

  async createBuild(change: BuildChange): Promise<{ readonly existing?: string }> {
    const { id, projectId, buildNumber } = change.head.build;
    const existing = this.#builds.has(id) ? id : this.#find({ projectId, buildNumber })[0];
    if (existing !== undefined) return { existing };
    const record = newRecord(structuredClone(change));
    this.#builds.set(id, record);
    this.#line.append(record, record.events);
    return {};
  }

  async inspect(): Promise<StoreInspection> {
    return { schemaVersion: null, bytes: null, counts: await tallyWhole(this) };
  }

  async findDamage(): Promise<readonly string[]> {
    return [];
  }

  async listBuildIds(query: PageQuery): Promise<Page<string>> {
    return pageOf(this.#builds.keys(), query, idOrder);
  }

  async loadWholeBuild(id: string): Promise<WholeBuild | undefined> {
    const record = this.#builds.get(id);
    return record && structuredClone(wholeOf(record));
  }

  async restoreBuild(build: WholeBuild): Promise<{ readonly existing?: string }> {
    const { id, projectId, buildNumber } = build.head.build;
    if (this.#projects.load({ id: projectId }) === undefined)
      throw new StoreError(`Build ${id} belongs to project ${projectId}, which is not there.`);
    const existing = this.#builds.has(id) ? id : this.#find({ projectId, buildNumber })[0];
    if (existing !== undefined) return { existing };
    const record = recordOf(structuredClone(build));
    this.#builds.set(id, record);
    this.#line.append(record, record.events);
    return {};
  }

  async findBuilds(ref: BuildRef): Promise<readonly string[]> {
    return this.#find(ref).slice(0, 2);
  }

  async loadBuild(id: string, needs: LoadNeeds = {}): Promise<LoadedBuild | undefined> {
    const record = this.#builds.get(id);
    if (record === undefined) return undefined;
    const { projectId } = record.head.build;
    const project = this.#projects.load({ id: projectId });
    if (project === undefined)
      throw new StoreError(`Build ${id} belongs to project ${projectId}, which is not there.`);
    const { eventId } = needs;
    const answer = eventId === undefined ? undefined : record.reports.get(eventId);
    return structuredClone({
      snapshot: { ...record.head, project },
      now: this.#clock.now(),
      ...(eventId === undefined || answer === undefined ? {} : { answered: { eventId, answer } }),
      ...selectNeeds(rowsOf(record), needs),
    });
  }

  async commitBuild(change: BuildChange): Promise<'applied' | 'conflict'> {
    const record = this.#builds.get(change.head.build.id);
    if (record === undefined || change.expected === null) return 'conflict';
    const { build, lease } = record.head;
    if (!expectationHolds(change.expected, build.version, lease)) return 'conflict';
    if (change.report !== undefined && record.reports.has(change.report.eventId)) return 'conflict';
    const { projectRevision } = change.expected;
    const { revision } = this.#projects.load({ id: build.projectId }) ?? {};
    if (projectRevision !== undefined && projectRevision !== revision) return 'conflict';
    const own = structuredClone(change);
    applyChange(record, own);
    this.#line.append(record, own.events);
    return 'applied';
  }

  async renewLease(buildId: string, token: number): Promise<Lease | undefined> {
    const record = this.#builds.get(buildId);
    if (record === undefined) return undefined;
    const lease = renewed(record.head.lease, token, this.#clock.now());
    if (lease !== undefined) record.head = { ...record.head, lease };
    return structuredClone(lease);
  }

  async loadBuilds(ids: readonly string[]): Promise<readonly Build[]> {
    return structuredClone(ids.flatMap((id) => this.#builds.get(id)?.head.build ?? []));
  }

  async listBuilds(query: BuildQuery): Promise<Page<Build>> {
    const builds = [...this.#builds.values()].map(({ head }) => head.build);
    const matching = builds.filter((build) => matchesBuild(build, query));
    return structuredClone(pageOf(matching, query, buildOrder));
  }

  async listWaiting(query: WaitingQuery): Promise<readonly WaitingBuild[]> {
    const heads = [...this.#builds.values()].map(({ head }) => head);
    const waiting = heads.filter((head) => isWaiting(head, query, this.#clock.now()));
    return oldest(
      waiting.map(({ build }) => build),
      query.limit,
    );
  }

  async listAttempts(buildId: string, query: AttemptQuery): Promise<Page<Attempt>> {
    const rows = valuesOf(this.#builds.get(buildId)?.attempts);
    const matching = rows.filter((attempt) => matchesAttempt(attempt, query));
    return structuredClone(pageOf(matching, query, attemptOrder));
  }

  async loadAttempt(buildId: string, attemptId: string): Promise<Attempt | undefined> {
    return structuredClone(this.#builds.get(buildId)?.attempts.get(attemptId));
  }

  async listArtifacts(buildId: string, query: ArtifactQuery): Promise<Page<Artifact>> {
    const rows = valuesOf(this.#builds.get(buildId)?.artifacts);
    const matching = rows.filter((artifact) => matchesArtifact(artifact, query));
    return structuredClone(pageOf(matching, query, artifactOrder));
  }

  async listVariables(buildId: string): Promise<readonly Variable[]> {
    return structuredClone(liveVariables(valuesOf(this.#builds.get(buildId)?.variables)));
  }

  async listEvents(buildId: string, query: EventQuery): Promise<Page<BuildEvent>> {
    const events = (this.#builds.get(buildId)?.events ?? []).filter(({ seq }) => seq > (query.afterSeq ?? 0));
    return structuredClone(pageOf(events, query, eventOrder));
  }

  async readStream(query: StreamQuery): Promise<StreamPart> {
    return structuredClone(this.#line.read(query));
  }

  async hasPosition(position: string): Promise<boolean> {
    return this.#line.has(position);
  }

  async listResumeRequests(buildId: string): Promise<readonly ResumeRequest[]> {
    return structuredClone(sorted(valuesOf(this.#builds.get(buildId)?.resumeRequests), requestOrder));
  }

  async findResumeRequest(requestId: string): Promise<ResumeRequest | undefined> {
    const requests = [...this.#builds.values()].flatMap(
      (record) => record.resumeRequests.get(requestId) ?? [],
    );
    return structuredClone(requests[0]);
  }

  async listJobs(buildId: string): Promise<readonly BuildJob[]> {
    return structuredClone(sorted(valuesOf(this.#builds.get(buildId)?.jobs), jobOrder));
  }

  async searchArtifacts(query: ArtifactSearch): Promise<Page<InBuild<Artifact>>> {
    return structuredClone(searchArtifacts(this.#rows('artifacts'), query));
  }

  async searchAttempts(query: AttemptSearch): Promise<Page<InBuild<AttemptFacts>>> {
    return structuredClone(searchAttempts(this.#rows('attempts'), query));
  }

  async recentAttempts(query: RecentAttempts): Promise<readonly AttemptFacts[]> {
    return structuredClone(recentAttempts(this.#rows('attempts'), query));
  }

  async searchResumeRequests(query: ResumeRequestSearch): Promise<Page<InBuild<ResumeRequest>>> {
    return structuredClone(searchResumeRequests(this.#rows('resumeRequests'), query));
  }

  async tallyBuilds(query: BuildTallyQuery): Promise<readonly BuildTally[]> {
    return tallyBuilds(
      [...this.#builds.values()].map(({ head }) => head.build),
      query,
    );
  }

  async tallyArtifacts(query: ArtifactTallyQuery): Promise<readonly ArtifactTally[]> {
    return tallyArtifacts(this.#rows('artifacts'), query);
  }

  async loadToken(id: string): Promise<ApiToken | undefined> {
    return structuredClone(this.#tokens.get(id));
  }

  async listTokens(): Promise<readonly ApiToken[]> {
    return structuredClone(sorted(this.#tokens.values(), tokenOrder));
  }

  async saveToken(token: ApiToken): Promise<void> {
    this.#tokens.set(token.id, structuredClone(token));
  }

  async touchToken(id: string, lastUsedAt: Timestamp): Promise<void> {
    const token = this.#tokens.get(id);
    if (token !== undefined) this.#tokens.set(id, { ...token, lastUsedAt });
  }

  async findActors(name: string): Promise<readonly ActorRecord[]> {
    return this.#actors.findActors(name);
  }

  async loadActors(ids: readonly string[]): Promise<readonly ActorRecord[]> {
    return this.#actors.loadActors(ids);
  }

  async listActors(query: PageQuery): Promise<Page<ActorRecord>> {
    return this.#actors.listActors(query);
  }

  async addActor(actor: ActorRecord): Promise<boolean> {
    return this.#actors.addActor(actor);
  }

  async eraseActor(id: string, erasure: Erasure): Promise<void> {
    await this.#actors.eraseActor(id, erasure);
  }

  async scrubActors(): Promise<void> {
    await this.#actors.scrubActors();
  }

  async claimRequest(claim: RequestClaim, now: Timestamp): Promise<KeyedRequest> {
    return this.#requests.claimRequest(claim, now);
  }

  async finishRequest(id: string, performer: string, answer: JsonObject): Promise<boolean> {
    return this.#requests.finishRequest(id, performer, answer);
  }

  async releaseRequest(id: string, performer: string): Promise<void> {
    await this.#requests.releaseRequest(id, performer);
  }

  async sweepRequests(now: Timestamp, limit: number): Promise<number> {
    return this.#requests.sweepRequests(now, limit);
  }

  async takeDuty(claim: DutyClaim): Promise<Duty | undefined> {
    return this.#duties.takeDuty(claim);
  }

  async renewDuty(name: string, token: number): Promise<boolean> {
    return this.#duties.renewDuty(name, token);
  }

  async endDuty(name: string, token: number, end: DutyEnd): Promise<boolean> {
    return this.#duties.endDuty(name, token, end);
  }

  async releaseDuty(name: string, token: number): Promise<void> {
    await this.#duties.releaseDuty(name, token);
  }

  async listDuties(): Promise<readonly Duty[]> {
    return this.#duties.listDuties();
  }

  async listEndedBuilds(query: EndedBuildQuery): Promise<Page<Build>> {
    const ended = [...this.#builds.values()].map(({ head }) => head.build);
    return structuredClone(
      pageOf(
        ended.filter((build) => matchesEnded(build, query)),
        query,
        endOrder,
      ),
    );
  }

  async trimHistory(buildId: string, cut: HistoryCut): Promise<boolean> {
    const record = this.#builds.get(buildId);
    if (record !== undefined && hasEnded(record.head.build))
      this.#builds.set(buildId, recordOf(trimmed(wholeOf(record), cut)));
    return true;
  }

  async tidy(): Promise<number> {
    return 0;
  }

  *#rows<K extends keyof BuildRows>(kind: K): Generator<SearchedBuild<RowOf<K>>> {
    for (const record of this.#builds.values())
      yield { build: record.head.build, rows: rowsOf(record)[kind] as Iterable<RowOf<K>> };
  }

  #kind(kind: ReferenceKind): NamedMap<Reference> {
    const known = this.#references.get(kind) ?? new NamedMap<Reference>();
    this.#references.set(kind, known);
    return known;
  }

  #find(ref: BuildRef): string[] {
    if ('id' in ref) return this.#builds.has(ref.id) ? [ref.id] : [];
    return [...this.#builds.values()]
      .map(({ head }) => head.build)
      .filter(({ projectId }) => ref.projectId === undefined || projectId === ref.projectId)
      .filter(({ id, buildNumber }) =>
        'idPrefix' in ref ? id.startsWith(ref.idPrefix) : buildNumber === ref.buildNumber,
      )
      .map(({ id }) => id);
  }
}

/** A new, empty store in this process's memory. */
export function createMemoryStore(options: MemoryStoreOptions = {}): StateStore {
  return new MemoryStore(options.clock ?? systemClock);
}
