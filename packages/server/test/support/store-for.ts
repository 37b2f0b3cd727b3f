import { join } from 'node:path';
import { Databases } from '@buildstate/tooling/postgres-databases';

/** A store for a long test that is run by hand. */
export interface PlaceOfStore {
  /** Where it is. */
  readonly url: string;
  /** Ends the database as a power failure does and starts it again, where the store has a server. */
  readonly restart?: () => Promise<void>;
  /** Removes it. */
  remove(): Promise<void>;
}

/** The kinds of stores that several servers can share. */
export const storeKinds = ['sqlite', 'folder', 'file', 'postgres'] as const;

/**
 * An empty store of a kind: an SQLite file, a folder of SQLite files, plain files, or PostgreSQL on a server of its own.
 * @param folder of files; whoever asks removes it
 * @throws TypeError for another kind
 */
export async function storeFor(kind: string, folder: string): Promise<PlaceOfStore> {
  const remove = async () => undefined;
  if (kind === 'sqlite') return { url: `sqlite://${join(folder, 'buildstate.db')}`, remove };
  if (kind === 'folder') return { url: `sqlite://${join(folder, 'builds')}`, remove };
  if (kind === 'file') return { url: `file://${join(folder, 'files')}`, remove };
  if (kind !== 'postgres')
    throw new TypeError(`There is no store "${kind}". There are: ${storeKinds.join(', ')}.`);
  const databases = new Databases();
  const { url } = await databases.create();
  return { url, restart: () => databases.restart(), remove: () => databases.close() };
}
