import type { ActorRecord, Actors, Erasure, Page, PageQuery } from '@buildstate/core';
import { mapConcurrently, pageOf } from '@buildstate/core/light';
import { actorOrder } from '../lists/orders.ts';
import { listKeys } from './driver.ts';
import { idOfKey, keys } from './keys.ts';
import type { RecordTools } from './named-records.ts';
import { writeSurely } from './write-surely.ts';

/** How many documents are fetched at once. */
const fetchedTogether = 16;

/**
 * Who acts. A name is in a document of its own that is never changed, only removed: drivers may keep the text that a
 * document began with. That somebody was erased is another document, which counts from when it is written; what is left
 * of the name then goes, by whoever comes across it.
 *
 * What leads from a name to its actors comes first and goes last: one without its actor, or whose actor was erased, is
 * as none.
 */
export class ActorDocuments implements Actors {
  readonly #tools: RecordTools;

  constructor(tools: RecordTools) {
    this.#tools = tools;
  }

  /** See `Actors.findActors`. */
  async findActors(name: string): Promise<readonly ActorRecord[]> {
    const ids = (await listKeys(this.#tools.driver, keys.actorNames(name))).map(idOfKey);
    return (await this.loadActors(ids)).filter((actor) => actor.name === name);
  }

  /** See `Actors.loadActors`. */
  async loadActors(ids: readonly string[]): Promise<readonly ActorRecord[]> {
    const found = await mapConcurrently(ids, fetchedTogether, (id) => this.#load(id));
    return found.flatMap((actor) => actor ?? []);
  }

  /** See `Actors.listActors`. */
  async listActors(query: PageQuery): Promise<Page<ActorRecord>> {
    const { driver } = this.#tools;
    const named = await listKeys(driver, keys.actors);
    const erased = await listKeys(driver, keys.erasedActors);
    const ids = new Set([...named, ...erased].map(idOfKey));
    return pageOf(await this.loadActors([...ids]), query, actorOrder);
  }

  /** See `Actors.addActor`. */
  async addActor(actor: ActorRecord): Promise<boolean> {
    if ((await this.#load(actor.id)) !== undefined) return false;
    if (actor.name === null) return this.#write(erasedKey(actor.id), actor);
    const { driver, clock } = this.#tools;
    const key = keys.record(keys.actorNames(actor.name), actor.id);
    await writeSurely(driver, clock, { key, text: '{}', expected: null, isOurs: () => true });
    return this.#write(namedKey(actor.id), actor);
  }

  /** See `Actors.eraseActor`. */
  async eraseActor(id: string, { at: erasedAt, by: erasedBy }: Erasure): Promise<void> {
    if ((await this.#read(namedKey(id))) === undefined) return;
    await this.#write(erasedKey(id), { id, name: null, erasedAt, erasedBy });
    await this.#removeName(id);
  }

  /** See `Actors.scrubActors`: removes the names that are left of erased ones, whose erasers died. */
  async scrubActors(): Promise<void> {
    const erased = (await listKeys(this.#tools.driver, keys.erasedActors)).map(idOfKey);
    await mapConcurrently(erased, fetchedTogether, (id) => this.#removeName(id));
  }

  async #load(id: string): Promise<ActorRecord | undefined> {
    return (await this.#read(erasedKey(id))) ?? (await this.#read(namedKey(id)));
  }

  async #removeName(id: string): Promise<void> {
    const { driver } = this.#tools;
    const name = (await this.#read(namedKey(id)))?.name;
    if (name == null) return;
    await driver.delete(keys.record(keys.actorNames(name), id));
    await driver.delete(namedKey(id));
  }

  async #read(key: string): Promise<ActorRecord | undefined> {
    const found = await this.#tools.driver.get(key);
    return found && (JSON.parse(found.text) as ActorDocument).actor;
  }

  /** Writes a document if there is none. */
  async #write(key: string, actor: ActorRecord): Promise<boolean> {
    const { driver, clock, nonce } = this.#tools;
    const text = JSON.stringify({ actor, write: nonce() } satisfies ActorDocument);
    const isOurs = (stored: string) => stored === text;
    return (await writeSurely(driver, clock, { key, text, expected: null, isOurs })) !== 'conflict';
  }
}

interface ActorDocument {
  readonly actor: ActorRecord;
  /** Makes every text different. */
  readonly write: string;
}

const namedKey = (id: string) => keys.record(keys.actors, id);
const erasedKey = (id: string) => keys.record(keys.erasedActors, id);
