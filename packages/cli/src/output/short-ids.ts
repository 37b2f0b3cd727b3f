/** Length of the shortest beginning that is shown: as many characters as people know from commits. */
const shortest = 8;

/**
 * Ids by their beginnings, for terminals: as many characters as tell them apart, at least eight. Ids that were
 * made in the same millisecond share more than half of their characters.
 *
 * @returns the beginnings, by id
 */
export function shortIds(ids: readonly string[]): ReadonlyMap<string, string> {
  const different = new Set(ids);
  const longest = Math.max(0, ...ids.map((id) => id.length));
  let length = shortest;
  const beginnings = () => new Set([...different].map((id) => id.slice(0, length)));
  while (length < longest && beginnings().size < different.size) length += 1;
  return new Map(ids.map((id) => [id, id.slice(0, length).replace(/-$/, '')]));
}
