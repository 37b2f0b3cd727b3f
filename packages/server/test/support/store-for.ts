import { Databases } from '@buildstate/tooling/postgres-databases';

/** A store for a long test that is run by hand. */
export interface PlaceOfStore {
  /** Where it is; `undefined`: SQLite in the server's folder. */
  readonly url: string | undefined;
  /** Removes it. */
  remove(): Promise<void>;
}

/** An empty store of a kind: `sqlite`, or `postgres` on a server of its own. @throws TypeError for another kind */
export async function storeFor(kind: string): Promise<PlaceOfStore> {
  if (kind === 'sqlite') return { url: undefined, remove: async () => undefined };
  if (kind !== 'postgres') throw new TypeError(`There is no store "${kind}". There are: sqlite, postgres.`);
  const databases = new Databases();
  const { url } = await databases.create();
  return { url, remove: () => databases.close() };
}
