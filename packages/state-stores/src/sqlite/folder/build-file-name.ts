import { StoreError } from '@buildstate/core/light';

const longest = 200;
/** The name of the index, which no build may take. */
export const indexName = 'index.db';

/**
 * The name of a build's file: `{id}.db` for a UUID. Any other id becomes a name of its own as well, also where file
 * names ignore case, and never a path.
 * @throws StoreError when it would be too long for a file system
 */
export function buildFileName(id: string): string {
  const safe = id.replace(/[^0-9a-z-]/gu, (character) => `%${character.codePointAt(0)?.toString(16)}.`);
  if (safe.length > longest)
    throw new StoreError(`The build id ${id.slice(0, 40)}… is too long for a file's name.`);
  const name = `${safe}.db`;
  return name === indexName ? `%${name}` : name;
}
