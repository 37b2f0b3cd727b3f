/** Records by a key, in the order in which their keys first came. */
export function groupBy<T, K extends string | number>(
  records: Iterable<T>,
  keyOf: (record: T) => K,
): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const record of records) {
    const key = keyOf(record);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [record]);
    else group.push(record);
  }
  return groups;
}

/** How many records there are of each key, most first, then by key. */
export function countBy<T>(
  records: Iterable<T>,
  keyOf: (record: T) => string,
): { key: string; count: number }[] {
  return [...groupBy(records, keyOf)]
    .map(([key, { length }]) => ({ key, count: length }))
    .sort((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1));
}
