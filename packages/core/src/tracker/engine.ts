import { isActorName } from '../actor/actor-id.ts';
import { ActorNames } from '../actor/actor-names.ts';
import { opaqueJson } from '../actor/opaque-records.ts';
import type { JsonObject, JsonValue } from '../build/build.ts';
import { BuildDraft, type DecisionContext } from '../build/draft.ts';
import type { BuildSnapshot } from '../build/snapshot.ts';
import { StoreError } from '../errors/store-error.ts';
import { ValidationError } from '../errors/validation-error.ts';
import { VersionConflictError } from '../errors/version-conflict-error.ts';
import { Feeds } from '../feed/feeds.ts';
import { type Logger, silentLogger } from '../ports/logger.ts';
import type { BuildChange, LoadedBuild, LoadNeeds, RememberedReport } from '../ports/state-store.ts';
import { fromWire, toWire } from '../wire/casing.ts';
import type { OperationAnswer } from '../wire/contract.ts';
import type { OperationName } from '../wire/routes.ts';
import { DurationHistory } from './duration-history.ts';
import { checkTag, contentTag, type Tagged } from './entity-tags.ts';
import { locateBuild, noBuild } from './locate-build.ts';
import { RecentHeads } from './recent-heads.ts';
import { type DecisionNeeds, ownNeeds, type SurroundedBuild, surround } from './surroundings.ts';
import type { CallContext, Outcome, TrackerParts } from './tracker.ts';

/** How often a decision is made again because the build changed meanwhile. */
const mostTries = 50;

/** A build as it is after a change, or as it was where nothing had to change. */
export interface Changed<T> {
  /** What the decision gave back. */
  readonly value: T;
  /** The build. */
  readonly snapshot: BuildSnapshot;
}

/** What a decision came to, not written yet. */
interface Decided<T> extends Changed<T> {
  /** What to write; nothing where nothing had to change. */
  readonly change?: BuildChange;
}

/** Decides on a build as it was loaded. Called again when the build turns out to be different. */
type Decide<T> = (loaded: SurroundedBuild) => Promise<Decided<T>>;

/** Which build is to be changed, and how. */
interface Wish {
  readonly id: string;
  /** As the caller named it. */
  readonly ref: string;
  readonly context: CallContext;
  readonly options: ChangeOptions & { readonly eventId?: string | undefined };
}

/** How a change is made. */
export interface ChangeOptions {
  /** What the decision needs besides the head; asked again after each conflict. */
  readonly needs?: ((snapshot: BuildSnapshot) => DecisionNeeds | undefined) | undefined;
  /** What a condition of the call is about. @default the build */
  readonly changes?: ((loaded: LoadedBuild) => Changing) | undefined;
}

/** What a change is about, as it is before: its own tag, or the content of which one is made. */
export interface Changing extends Omit<Tagged, 'tag'> {
  /** Its tag. */
  readonly tag?: string | undefined;
  /** A record without a tag of its own; nothing where there is none. */
  readonly content?: object | undefined;
}

/** The build itself, whose tag is its version. */
function buildIn(ref: string) {
  return ({ snapshot: { build } }: LoadedBuild): Changing => ({
    what: `Build ${ref}`,
    tag: String(build.version),
    facts: { build: ref, version: build.version },
  });
}

/** A change whose answer is remembered under the report's `event_id`. */
export interface OnceOptions<K extends OperationName> extends ChangeOptions {
  /** The client-made id, for which a request's key may stand. Without any, it is counted each time that it is made. */
  readonly eventId?: string | undefined;
  /** The operation, so that an id is not used for two kinds of report. */
  readonly operation: K;
}

/** The parts of the engine, and how operations read and change builds with them. */
export class Engine {
  /** What the engine is built on. */
  readonly parts: TrackerParts;
  /** Where it says what it does. */
  readonly logger: Logger;
  /** How long states took lately. */
  readonly durations: DurationHistory;
  /** Everybody who follows events. */
  readonly feeds: Feeds;
  /** Which ids stand for the names of those who act. */
  readonly actors: ActorNames;
  readonly #recent: RecentHeads | undefined;

  constructor(parts: TrackerParts) {
    this.parts = parts;
    this.logger = parts.logger ?? silentLogger;
    this.durations = new DurationHistory(parts);
    const { recentHeads = false, store, clock } = parts;
    this.actors = new ActorNames(parts);
    this.feeds = new Feeds({ store, clock, logger: this.logger, actors: this.actors });
    if (recentHeads && store.capabilities.guardsRecentHeads === true) this.#recent = new RecentHeads(clock);
  }

  /** A new id. */
  uuid(): string {
    return this.parts.ids.uuid();
  }

  /**
   * An id for something that a request makes: a request that is performed again, because whoever performed it first
   * died, makes it with the same id.
   * @param purpose tells what a request makes apart
   */
  idFor(purpose: string, { keyed }: CallContext): string {
    return keyed === undefined ? this.uuid() : keyed.idFor(purpose);
  }

  /**
   * Loads a build that the actor may see.
   * @param ref an id, a unique prefix of one, or `project:build_number`
   * @throws NotFoundError, ValidationError when a prefix is ambiguous
   */
  async load(ref: string, context: CallContext, needs?: LoadNeeds): Promise<LoadedBuild> {
    const id = await this.#locate(ref, context);
    return this.#visible(await this.parts.store.loadBuild(id, needs), ref, context);
  }

  /** The same with what is around the build in its tree. */
  async surrounded(ref: string, context: CallContext, needs: DecisionNeeds): Promise<SurroundedBuild> {
    return surround(this.parts.store, await this.load(ref, context, ownNeeds(needs)), needs);
  }

  /** Checks a condition of a call on something that no build has. @throws PreconditionFailedError */
  expect(context: CallContext, { what, tag, content, facts }: Changing): void {
    if (context.ifMatch === undefined) return;
    checkTag(context, { what, tag: tag ?? (content && contentTag(this.parts.crypto, content)), facts });
  }

  #locate(ref: string, context: CallContext): Promise<string> {
    return locateBuild(this.parts.store, ref, context.actor.projectId, (id) => this.maySee(id, context));
  }

  /** Whether there is a build with this id that the actor may see. */
  async maySee(id: string, context: CallContext): Promise<boolean> {
    return isVisible(await this.parts.store.loadBuild(id), context);
  }

  #visible(loaded: LoadedBuild | undefined, ref: string, context: CallContext): LoadedBuild {
    if (!isVisible(loaded, context)) throw noBuild(ref);
    return loaded;
  }

  /** What a decision about a loaded build is made with. */
  decisionContext(loaded: Pick<LoadedBuild, 'now'>, context: CallContext): DecisionContext {
    const { ids, random = Math.random } = this.parts;
    const nameOf = (actor: string) => this.actors.nameOf(actor);
    return { now: loaded.now, ids, actorId: context.actor.id, random, nameOf };
  }

  /** What a draft comes to, with ids in the place of names; those that are not known yet are learned first. */
  async sealed(draft: BuildDraft): Promise<BuildChange> {
    const { crypto } = this.parts;
    // Ids that were met are kept here: an erasure on the way makes the engine forget all of them.
    const ids = new Map<string, string>();
    const unknown: string[] = [];
    const change = draft.seal(crypto, (name) => {
      const id = this.actors.knownId(name);
      if (id === undefined) unknown.push(name);
      else ids.set(name, id);
      return id ?? name;
    });
    if (unknown.length === 0) return change;
    for (const [name, id] of await this.actors.learn(unknown)) ids.set(name, id);
    return draft.seal(crypto, (name) => {
      const id = ids.get(name);
      if (id === undefined) throw new TypeError('A draft named another actor when it was sealed again.');
      return id;
    });
  }

  /** The caller as records name them. */
  async opaqueActor({ actor }: CallContext): Promise<string> {
    return isActorName(actor.id) ? this.actors.idFor(actor.id) : actor.id;
  }

  /** Makes sure of the name of who is at work, for decisions on who goes on. */
  async #meet({ snapshot }: LoadedBuild): Promise<void> {
    const reporter = snapshot.openAttempt?.reportedBy;
    if (reporter != null && !this.actors.knowsName(reporter)) await this.actors.shown(reporter);
  }

  /** An answer as it is kept: in the names of the wire, with ids in the place of names of who acts. */
  keptAnswer(answer: unknown): JsonValue | undefined {
    return this.#opaque(toWire(answer) as JsonValue | undefined);
  }

  #opaque<T>(answer: T): T {
    const idOf = (name: string) => this.actors.knownId(name) ?? name;
    return answer === undefined ? answer : (opaqueJson(answer as JsonValue, idOf) as T);
  }

  /** @param answer of what is kept, so that ids stand in it already */
  #remembered(eventId: string, operation: OperationName, answer: unknown): RememberedReport {
    return { eventId, answer: { operation, answer: toWire(answer) } as JsonObject };
  }

  /**
   * Loads the head, and then, if the head shows that more is needed, all of that together. Again when the build
   * changed in between such that it needs yet more.
   */
  async #loadFor({ id, ref, context, options }: Wish): Promise<SurroundedBuild> {
    const { eventId } = options;
    const { store } = this.parts;
    let asked: string | undefined;
    for (let own: LoadNeeds | undefined; ; ) {
      const loaded = this.#visible(await store.loadBuild(id, { ...own, eventId }), ref, context);
      const needs = loaded.answered === undefined ? options.needs?.(loaded.snapshot) : undefined;
      own = needs && ownNeeds(needs);
      const wanted = own && JSON.stringify(own);
      if (wanted === undefined || wanted === asked) {
        this.#recent?.storeShows(loaded.now);
        return surround(store, loaded, needs);
      }
      asked = wanted;
    }
  }

  /**
   * Decides on a build and writes what was decided; when the build changed meanwhile, decides again.
   * @throws NotFoundError, VersionConflictError, and whatever the decision throws
   */
  async change<T>(
    ref: string,
    context: CallContext,
    options: ChangeOptions,
    decide: (draft: BuildDraft, loaded: SurroundedBuild) => T,
  ): Promise<Changed<T>> {
    const id = await this.#locate(ref, context);
    return this.#settle({ id, ref, context, options }, async (loaded) => {
      const draft = this.#draftOf(loaded, ref, context, options);
      const value = decide(draft, loaded);
      if (!draft.changed) return { value, snapshot: loaded.snapshot };
      const change = await this.sealed(draft);
      return { value, snapshot: { ...change.head, project: draft.project }, change };
    });
  }

  /**
   * Decides on a build without writing what was decided: what would come of it.
   * @throws NotFoundError, and whatever the decision throws
   */
  async consider<T>(
    ref: string,
    context: CallContext,
    needs: DecisionNeeds,
    decide: (draft: BuildDraft, loaded: SurroundedBuild) => T,
  ): Promise<T> {
    const loaded = await this.surrounded(ref, context, needs);
    return decide(this.#draftOf(loaded, ref, context, {}), loaded);
  }

  #draftOf(
    loaded: LoadedBuild,
    ref: string,
    context: CallContext,
    { changes = buildIn(ref) }: ChangeOptions,
  ): BuildDraft {
    if (context.ifMatch !== undefined) this.expect(context, changes(loaded));
    return new BuildDraft(loaded.snapshot, this.decisionContext(loaded, context), loaded);
  }

  /**
   * The same for a report that counts once: its answer is written with the change, and a report that is known
   * answers what it answered first. That is remembered also where nothing else had to change, because later the
   * same report could mean something.
   * @param decide answers what makes the answer; its third argument is the report's id, or one that was made
   */
  async once<K extends OperationName>(
    ref: string,
    context: CallContext,
    options: OnceOptions<K>,
    decide: (
      draft: BuildDraft,
      loaded: SurroundedBuild,
      eventId: string,
    ) => (after: BuildSnapshot) => OperationAnswer<K> | Promise<OperationAnswer<K>>,
  ): Promise<Outcome<K>> {
    const { operation, eventId = context.keyed?.eventId } = options;
    const id = await this.#locate(ref, context);
    const wish = { id, ref, context, options: { ...options, eventId } };
    const { value: outcome } = await this.#settle<Outcome<K>>(wish, async (loaded) => {
      if (loaded.answered !== undefined) {
        const body = firstAnswer(loaded.answered, operation);
        return { value: { body, replayed: true }, snapshot: loaded.snapshot };
      }
      const draft = this.#draftOf(loaded, ref, context, options);
      const answer = decide(draft, loaded, eventId ?? this.uuid());
      if (!draft.changed && eventId === undefined) {
        return { value: { body: await answer(loaded.snapshot) }, snapshot: loaded.snapshot };
      }
      const change = await this.sealed(draft);
      const snapshot = { ...change.head, project: draft.project };
      // What the decision gave has names still; what is answered, and tagged, is what is kept.
      const body = this.#opaque(await answer(snapshot));
      const report = eventId === undefined ? undefined : this.#remembered(eventId, operation, body);
      return { value: { body }, snapshot, change: { ...change, report } };
    });
    return outcome;
  }

  /** What a build remembers of the request that makes it, so that the request has one answer. */
  reportOf<K extends OperationName>(
    operation: K,
    answer: OperationAnswer<K>,
    { keyed }: CallContext,
  ): RememberedReport | undefined {
    return keyed === undefined ? undefined : this.#remembered(keyed.eventId, operation, answer);
  }

  /** What a request with a key was answered, where a build remembers it. */
  async answeredBefore<K extends OperationName>(
    buildId: string,
    operation: K,
    { keyed }: CallContext,
  ): Promise<Outcome<K> | undefined> {
    if (keyed === undefined) return undefined;
    const loaded = await this.parts.store.loadBuild(buildId, { eventId: keyed.eventId });
    if (loaded?.answered === undefined) return undefined;
    return { body: firstAnswer(loaded.answered, operation), replayed: true };
  }

  /** Decides, on a head that is at hand if there is one, and writes; as often as the build changes meanwhile. */
  async #settle<T>(wish: Wish, decide: Decide<T>): Promise<Changed<T>> {
    const { clock, random = Math.random } = this.parts;
    const { ref } = wish;
    const quick = await this.#onRecentHead(wish, decide);
    if (quick !== undefined) return quick;
    for (let tries = 1; tries <= mostTries; tries++) {
      const loaded = await this.#loadFor(wish);
      await this.#meet(loaded);
      const decided = await decide(loaded);
      const { change, snapshot } = decided;
      if (change === undefined || (await this.#commit(change, snapshot, loaded.now))) return decided;
      this.logger.debug({ build: ref, tries }, 'build changed meanwhile, deciding again');
      // Spread out, so that many writers of one build do not meet again and again.
      if (tries > 1) await clock.sleep(Math.min(100, 2 ** tries) * random());
    }
    throw new VersionConflictError(`Build ${ref} is changed by many at once. Try again.`, {
      context: { build: ref },
    });
  }

  /** What a decision on a head that may be old comes to, where it could be written; see `RecentHeads`. */
  async #onRecentHead<T>(wish: Wish, decide: Decide<T>): Promise<Changed<T> | undefined> {
    const { id, context, options } = wish;
    const recent = this.#recent?.recall(id);
    if (!isVisible(recent, context) || options.needs?.(recent.snapshot) !== undefined) return undefined;
    await this.#meet(recent);
    const decided = await decide(recent).catch((error: unknown) => {
      // The head may be to blame. If it is not, the decision on what the store has throws the same.
      this.logger.debug({ build: id, err: error }, 'decided on a recent head, deciding again');
      return undefined;
    });
    if (decided?.change === undefined) return undefined;
    const { change } = decided;
    const projectRevision = recent.snapshot.project.revision;
    const guarded = { ...change, expected: change.expected && { ...change.expected, projectRevision } };
    return (await this.#commit(guarded, decided.snapshot, recent.now)) ? decided : undefined;
  }

  async #commit(change: BuildChange, after: BuildSnapshot, now: number): Promise<boolean> {
    // Whatever becomes of the write, what was known before is over.
    this.#recent?.forget(after.build.id);
    const applied = (await this.parts.store.commitBuild(change)) === 'applied';
    if (applied) {
      this.#recent?.wrote(after, now);
      this.feeds.changed(after.build.id);
    }
    return applied;
  }

  /** The store's time of a build, in milliseconds since the epoch, for what is not loaded with it. */
  now(): number {
    return this.parts.clock.now();
  }

  /** An error for something that a store must not do. */
  brokenPromise(what: string): StoreError {
    return new StoreError(`The store ${this.parts.store.kind} ${what}.`);
  }
}

/** Whether an actor may see a build: another project's, and a deleted one, is as one that is not there. */
function isVisible(loaded: LoadedBuild | undefined, { actor }: CallContext): loaded is LoadedBuild {
  if (loaded === undefined || loaded.snapshot.build.deletedAt !== null) return false;
  return actor.projectId === null || loaded.snapshot.build.projectId === actor.projectId;
}

function firstAnswer<K extends OperationName>({ answer, eventId }: RememberedReport, operation: K) {
  const remembered = answer as { readonly operation: string; readonly answer: unknown };
  if (remembered.operation === operation) return fromWire<OperationAnswer<K>>(remembered.answer);
  const message = `was used for a report of another kind (${remembered.operation}); make a new one for each report`;
  throw new ValidationError(`event_id ${eventId} ${message}.`, { problems: [{ path: 'event_id', message }] });
}
