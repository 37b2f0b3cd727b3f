import type { ActorRecord, Actors } from '../ports/actors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Crypto } from '../ports/crypto.ts';
import { actorIdsIn, isActorId, newActorId, shownName, withNames } from './actor-id.ts';

/** What knowing actors takes. */
export interface ActorNamesParts {
  /** Who knows them. */
  readonly store: Pick<Actors, 'findActors' | 'loadActors' | 'addActor'>;
  /** Says when to ask again. */
  readonly clock: Pick<Clock, 'monotonic'>;
  /** Makes ids. */
  readonly crypto: Pick<Crypto, 'random'>;
}

/** How long the id of a name is believed without asking the store, in milliseconds. An old one does no harm. */
const idBelievedMs = 60_000;
/** The same for the name of an id: so long one that was erased elsewhere is still shown. */
const nameBelievedMs = 1000;
/** Actors remembered at a time. */
const mostRemembered = 10_000;

interface Known<T> {
  readonly value: T;
  readonly until: number;
}

/** A memory whose entries end. */
class Memory<T> {
  readonly #entries = new Map<string, Known<T>>();
  readonly #believedMs: number;

  constructor(believedMs: number) {
    this.#believedMs = believedMs;
  }

  get(key: string, now: number): T | undefined {
    const known = this.#entries.get(key);
    return known === undefined || known.until < now ? undefined : known.value;
  }

  /** What was known, however long ago. */
  last(key: string): T | undefined {
    return this.#entries.get(key)?.value;
  }

  set(key: string, value: T, now: number): void {
    this.#entries.delete(key);
    this.#entries.set(key, { value, until: now + this.#believedMs });
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > mostRemembered && oldest !== undefined) this.#entries.delete(oldest);
  }

  clear(): void {
    this.#entries.clear();
  }
}

/**
 * Which id stands for which name. A change asks the store for names that it has not met for a minute, an answer for ids
 * that it has not met for a second; who reports under a name of their own is answered by it without asking.
 */
export class ActorNames {
  readonly #parts: ActorNamesParts;
  readonly #ids = new Memory<string>(idBelievedMs);
  readonly #names = new Memory<string>(nameBelievedMs);

  constructor(parts: ActorNamesParts) {
    this.#parts = parts;
  }

  /** The id of a name that a caller has just said, where it was learned lately. */
  knownId(name: string): string | undefined {
    const now = this.#parts.clock.monotonic();
    const id = this.#ids.get(name, now);
    // Who said it may be told it.
    if (id !== undefined) this.#names.set(id, name, now);
    return id;
  }

  /** What is shown for an id, where that was learned, however long ago; the text itself where not. */
  nameOf(actor: string): string {
    return this.#names.last(actor) ?? actor;
  }

  /** Whether `nameOf` says all that can be said of a text. */
  knowsName(actor: string): boolean {
    return !isActorId(actor) || this.#names.last(actor) !== undefined;
  }

  /** The ids of names; those that the store does not have are added. */
  async learn(names: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const ids = new Map<string, string>();
    for (const name of new Set(names)) ids.set(name, await this.#learnOne(name));
    return ids;
  }

  /** The id of a name, which is added if the store does not have it. */
  async idFor(name: string): Promise<string> {
    return this.knownId(name) ?? (await this.#learnOne(name));
  }

  /** A value of an answer with names in the place of ids, in every text of it. What holds no id is given back as it is. */
  async shown<T>(value: T): Promise<T> {
    const missing = new Set<string>();
    const now = this.#parts.clock.monotonic();
    const known = replaceTexts(value, (text) => this.#replace(text, now, missing));
    if (missing.size === 0) return known as T;
    const found = await this.#parts.store.loadActors([...missing]);
    for (const actor of found) this.#remember(actor);
    return replaceTexts(value, (text) => withNames(text, (id) => this.#names.last(id))) as T;
  }

  /** Forgets everything, so that a name that was erased is shown no more. */
  forget(): void {
    this.#ids.clear();
    this.#names.clear();
  }

  #replace(text: string, now: number, missing: Set<string>): string {
    const ids = actorIdsIn(text);
    if (ids.length === 0) return text;
    for (const id of ids) if (this.#names.get(id, now) === undefined) missing.add(id);
    return withNames(text, (id) => this.#names.get(id, now));
  }

  async #learnOne(name: string): Promise<string> {
    const actor = await this.#findOrAdd(name);
    this.#remember(actor);
    return actor.id;
  }

  async #findOrAdd(name: string): Promise<ActorRecord> {
    const { store, crypto } = this.#parts;
    const [found] = await store.findActors(name);
    if (found !== undefined) return found;
    const added = { id: newActorId(crypto), name, erasedAt: null, erasedBy: null };
    return (await store.addActor(added)) ? added : this.#findOrAdd(name);
  }

  #remember(actor: ActorRecord): void {
    const now = this.#parts.clock.monotonic();
    this.#names.set(actor.id, shownName(actor), now);
    if (actor.name !== null) this.#ids.set(actor.name, actor.id, now);
  }
}

/** A value with other texts, everywhere in it. Parts that stay as they are, are the same objects. */
export function replaceTexts(value: unknown, replace: (text: string) => string): unknown {
  if (typeof value === 'string') return replace(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return replaceItems(value, replace);
  const before = value as Readonly<Record<string, unknown>>;
  let changed: Record<string, unknown> | undefined;
  for (const name of Object.keys(before)) {
    const member = before[name];
    const after = replaceTexts(member, replace);
    if (after === member) continue;
    changed ??= { ...before };
    changed[name] = after;
  }
  return changed === undefined ? value : withAccount(changed);
}

/** The account that runs a process is known as `user@host`, and shown beside the host without it. */
function withAccount(value: Readonly<Record<string, unknown>>): unknown {
  const { user, host } = value;
  if (typeof user !== 'string' || typeof host !== 'string' || !user.endsWith(`@${host}`)) return value;
  return { ...value, user: user.slice(0, -host.length - 1) };
}

function replaceItems(items: readonly unknown[], replace: (text: string) => string): readonly unknown[] {
  const replaced = items.map((item) => replaceTexts(item, replace));
  return replaced.some((item, index) => item !== items[index]) ? replaced : items;
}
