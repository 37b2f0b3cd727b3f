import { type IdOfName, opaqueRecords } from '../actor/opaque-records.ts';
import type { Artifact } from '../artifact/artifact.ts';
import { chainEvents } from '../event/chain.ts';
import type { EventType, PendingEvent } from '../event/event.ts';
import { signCheckpoint } from '../event/signature.ts';
import type { BuildJob } from '../job/build-job.ts';
import type { Lease } from '../lease/lease.ts';
import type { Crypto } from '../ports/crypto.ts';
import type { Ids } from '../ports/ids.ts';
import type { BuildChange, LoadedBuild } from '../ports/state-store.ts';
import type { ResumeRequest } from '../resume/resume-request.ts';
import type { Variable } from '../variable/variable.ts';
import type { Attempt } from './attempt.ts';
import type { Build, JsonObject } from './build.ts';
import type { BuildCounts, BuildSnapshot, ResumeTarget, StateRecord } from './snapshot.ts';
import { type Timestamp, timestamp } from './timestamp.ts';

/** What a decision is made with besides the snapshot. */
export interface DecisionContext {
  /** The store's time, in milliseconds since the epoch. */
  readonly now: number;
  /** Makes ids of what the decision adds. */
  readonly ids: Ids;
  /** Who caused it. */
  readonly actorId: string;
  /** The name that stands behind the id of an actor. @default ids are compared as they are */
  readonly nameOf?: ((actor: string) => string) | undefined;
  /** From 0 (inclusive) to 1 (exclusive), for jitter. */
  readonly random: () => number;
}

/** The records that were loaded beside the head. Lists that were not asked for are empty. */
export type LoadedRecords = Pick<
  LoadedBuild,
  'attempts' | 'artifacts' | 'variables' | 'resumeRequests' | 'jobs'
> & {
  /** The builds of the branches that the build waits for, deleted ones included. @default none */
  readonly branches?: readonly Build[] | undefined;
};

const nothingLoaded: LoadedRecords = {
  attempts: [],
  artifacts: [],
  variables: [],
  resumeRequests: [],
  jobs: [],
};

/** Records by id, in the order in which they were first put. */
class Upserts<T extends { readonly id: string }> {
  /** Made for the first record: most changes have none of most kinds. */
  #records: Map<string, T> | undefined;

  put(record: T): void {
    this.#records ??= new Map();
    this.#records.set(record.id, record);
  }

  get all(): readonly T[] {
    return this.#records === undefined ? [] : [...this.#records.values()];
  }

  /** Records as they were loaded, with what was put since in their place or at the end. */
  over(loaded: readonly T[]): readonly T[] {
    const records = this.#records;
    if (records === undefined) return loaded;
    const known = new Set(loaded.map(({ id }) => id));
    return [
      ...loaded.map((record) => records.get(record.id) ?? record),
      ...this.all.filter(({ id }) => !known.has(id)),
    ];
  }
}

/**
 * A build while one decision changes it. Decisions read and write the draft; nothing outside sees it until it
 * is sealed into a `BuildChange`. The snapshot itself is never touched.
 */
export class BuildDraft {
  /** The time of the decision. */
  readonly now: Timestamp;
  /** What the decision is made with. */
  readonly context: DecisionContext;
  /** The build as it was. */
  readonly before: BuildSnapshot;
  /** The records that were loaded beside the head, as they were. */
  readonly loaded: LoadedRecords;

  /** Attempts added or changed. */
  readonly attempts = new Upserts<Attempt>();
  /** Artifacts added or changed. */
  readonly artifacts = new Upserts<Artifact>();
  /** Variables added or changed. */
  readonly variables = new Upserts<Variable>();
  /** Resume requests added or changed. */
  readonly resumeRequests = new Upserts<ResumeRequest>();
  /** Jobs added or changed. */
  readonly jobs = new Upserts<BuildJob>();

  #build: Build;
  #states: Record<number, StateRecord>;
  readonly #changedStates = new Set<number>();
  #open: Attempt | null;
  #lastEndedAt: Timestamp | null;
  #counts: BuildCounts;
  #lease: Lease | null;
  #resumeTarget: ResumeTarget | null;
  #events: PendingEvent[] = [];
  #guardsLease = false;

  constructor(snapshot: BuildSnapshot, context: DecisionContext, loaded: LoadedRecords = nothingLoaded) {
    this.before = snapshot;
    this.loaded = loaded;
    this.context = context;
    this.now = timestamp(context.now);
    this.#build = snapshot.build;
    this.#states = { ...snapshot.states };
    this.#open = snapshot.openAttempt;
    this.#lastEndedAt = snapshot.lastEndedAt;
    this.#counts = snapshot.counts;
    this.#lease = snapshot.lease;
    this.#resumeTarget = snapshot.resumeTarget;
  }

  /** The build's record as it is in the draft. */
  get build(): Build {
    return this.#build;
  }

  /** The project's configuration. */
  get project(): BuildSnapshot['project'] {
    return this.before.project;
  }

  /** The attempt in progress. */
  get open(): Attempt | null {
    return this.#open;
  }

  /** The newest lease, live or not. */
  get lease(): Lease | null {
    return this.#lease;
  }

  /** The state that an open resume request leads to. */
  get resumeTarget(): ResumeTarget | null {
    return this.#resumeTarget;
  }

  /** When the last attempt ended. */
  get lastEndedAt(): Timestamp | null {
    return this.#lastEndedAt;
  }

  /** How many of each the build has. */
  get counts(): BuildCounts {
    return this.#counts;
  }

  /** What is known of a state's attempts; undefined when it was never reported. */
  record(state: number): StateRecord | undefined {
    return this.#states[state];
  }

  /** The builds of the branches that the build waits for, as far as they were loaded. */
  get branches(): readonly Build[] {
    return this.loaded.branches ?? [];
  }

  /** All states that were ever reported, ascending. */
  get records(): readonly StateRecord[] {
    return Object.values(this.#states).sort((a, b) => a.state - b.state);
  }

  /** Whether anything was decided. */
  get changed(): boolean {
    return this.#events.length > 0;
  }

  /** Changes fields of the build. */
  patch(fields: Partial<Build>): void {
    this.#build = { ...this.#build, ...fields };
  }

  /** Changes what is known of a state. */
  patchRecord(state: number, fields: Partial<StateRecord>): void {
    const known = this.#states[state] ?? {
      state,
      attempts: 0,
      failures: 0,
      outcome: null,
      completedAttemptId: null,
      artifactFingerprint: null,
      lastAttemptId: '',
      abandoned: false,
    };
    this.#states[state] = { ...known, ...fields };
    this.#changedStates.add(state);
  }

  /** Changes the counts. */
  count(fields: Partial<BuildCounts>): void {
    this.#counts = { ...this.#counts, ...fields };
  }

  /** Sets or clears the attempt in progress. */
  setOpen(attempt: Attempt | null): void {
    this.#open = attempt;
  }

  /** Notes when an attempt ended. */
  endedAt(time: Timestamp): void {
    this.#lastEndedAt = time;
  }

  /** Sets the lease. */
  setLease(lease: Lease): void {
    this.#lease = lease;
  }

  /** Says that the decision rests on the lease being expired, so that a renewal in between voids it. */
  guardLease(): void {
    this.#guardsLease = true;
  }

  /** Sets or clears where a resume request leads. */
  setResumeTarget(target: ResumeTarget | null): void {
    this.#resumeTarget = target;
  }

  /** Appends an event. */
  event(type: EventType, data: JsonObject = {}): void {
    this.#events.push({ type, actorId: this.context.actorId, at: this.now, data });
  }

  /** What the build must still be for the change to be made. */
  #expected(): NonNullable<BuildChange['expected']> {
    const { build, lease } = this.before;
    if (!this.#guardsLease || lease === null) return { version: build.version };
    return { version: build.version, lease: { token: lease.token, renewals: lease.renewals } };
  }

  /** What was decided, with ids in the place of names wherever something is new. */
  #opaque(idOf: IdOfName) {
    const { before } = this;
    const creating = before.build.version === 0;
    const open = this.#open;
    const lease = this.#lease;
    return {
      build: creating ? opaqueRecords.build(this.#build, idOf) : this.#build,
      openAttempt: open === null || open === before.openAttempt ? open : opaqueRecords.attempt(open, idOf),
      lease: lease === null || lease === before.lease ? lease : opaqueRecords.lease(lease, idOf),
      attempts: this.attempts.all.map((record) => opaqueRecords.attempt(record, idOf)),
      artifacts: this.artifacts.all.map((record) => opaqueRecords.artifact(record, idOf)),
      resumeRequests: this.resumeRequests.all.map((record) => opaqueRecords.resumeRequest(record, idOf)),
      jobs: this.jobs.all.map((record) => opaqueRecords.job(record, idOf)),
      events: this.#events.map((event) => opaqueRecords.event(event, idOf)),
    };
  }

  /**
   * Everything as one change with the next version and chained events, the checkpoints among them signed.
   * @param idOf the ids that stand for the names of who acts in what is kept, and hashed. @default names stay
   */
  seal(
    crypto: Pick<Crypto, 'sha256Hex'> & Partial<Pick<Crypto, 'keys'>>,
    idOf: IdOfName = (name) => name,
  ): BuildChange {
    const { before } = this;
    const creating = before.build.version === 0;
    const { build, openAttempt, lease, events: pending, ...records } = this.#opaque(idOf);
    const { events: chained, head: chain } = chainEvents(build.id, before.chain, pending, crypto);
    const events = chained.map((event) => signCheckpoint(event, crypto.keys));
    return {
      expected: creating ? null : this.#expected(),
      before: creating ? undefined : before,
      head: {
        build: { ...build, version: before.build.version + 1, updatedAt: this.now },
        states: this.#states,
        openAttempt,
        lastEndedAt: this.#lastEndedAt,
        counts: this.#counts,
        resumeTarget: this.#resumeTarget,
        lease,
        chain,
      },
      leaseChanged: this.#lease !== before.lease,
      states: [...this.#changedStates].flatMap((state) => this.#states[state] ?? []),
      ...records,
      variables: this.variables.all,
      events,
    };
  }
}
