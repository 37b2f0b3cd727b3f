import type { ActorRecord, Actors, Erasure, Page, PageQuery } from '@buildstate/core';
import { pageOf, sorted } from '@buildstate/core/light';
import { actorOrder } from '../lists/orders.ts';

/** Who acts, in memory. Its methods are steps that nothing comes between. */
export class ActorMap implements Actors {
  readonly #actors = new Map<string, ActorRecord>();

  async findActors(name: string): Promise<readonly ActorRecord[]> {
    return sorted(
      [...this.#actors.values()].filter((actor) => actor.name === name),
      actorOrder,
    );
  }

  async loadActors(ids: readonly string[]): Promise<readonly ActorRecord[]> {
    return ids.flatMap((id) => this.#actors.get(id) ?? []);
  }

  async listActors(query: PageQuery): Promise<Page<ActorRecord>> {
    return pageOf(this.#actors.values(), query, actorOrder);
  }

  async addActor(actor: ActorRecord): Promise<boolean> {
    if (this.#actors.has(actor.id)) return false;
    this.#actors.set(actor.id, Object.freeze({ ...actor }));
    return true;
  }

  async eraseActor(id: string, { at: erasedAt, by: erasedBy }: Erasure): Promise<void> {
    const actor = this.#actors.get(id);
    if (actor !== undefined && actor.name !== null)
      this.#actors.set(id, Object.freeze({ id, name: null, erasedAt, erasedBy }));
  }

  async scrubActors(): Promise<void> {}
}
