import type { Timestamp } from '../build/timestamp.ts';
import type { Page, PageQuery } from './page.ts';

/** Somebody or something that acts, as a store knows them. Everything else in the store has only the id. */
export interface ActorRecord {
  /** `actor-` and 16 hexadecimal digits, random: it says nothing of whose it is. */
  readonly id: string;
  /** `user@host`, a CI job, or what a report calls its maker; `null` once it was erased. */
  readonly name: string | null;
  /** When the name was erased. */
  readonly erasedAt: Timestamp | null;
  /** Who erased it: an actor's or a key's id. */
  readonly erasedBy: string | null;
}

/** When a name was erased, and by whom. */
export type Erasure = { readonly at: Timestamp; readonly by: string };

/**
 * The part of a store that knows which opaque id stands for which name. It is the only place that has the names of those
 * who act: events hash ids, so that a name can go and every chain stays as it is.
 *
 * Every method is one atomic step, also between processes, and durable when it resolves.
 */
export interface Actors {
  /** The actors with a name, by id: one, but for those that came from other stores or were added at the same moment. */
  findActors(name: string): Promise<readonly ActorRecord[]>;
  /** Actors by their ids, erased ones included, in any order; those that are not there are left out. */
  loadActors(ids: readonly string[]): Promise<readonly ActorRecord[]>;
  /** All actors by id, ascending, erased ones included. */
  listActors(query: PageQuery): Promise<Page<ActorRecord>>;
  /** Adds an actor. False, with nothing written, when its id is taken. */
  addActor(actor: ActorRecord): Promise<boolean>;
  /**
   * Takes the name from an actor for good. From then on the name means somebody new. Nothing when there is no such
   * actor, or when it has no name any more.
   */
  eraseActor(id: string, erasure: Erasure): Promise<void>;
  /**
   * Removes what erased names left behind in the medium: pages that were freed, logs of writes. May take as long as it
   * takes to write the store anew.
   * @throws UnavailableError when somebody is in the way for long
   */
  scrubActors(): Promise<void>;
}
