/** Does the same for many, some at a time. Answers in the order of the items; the first failure ends it. */
export async function mapConcurrently<T, Result>(
  items: readonly T[],
  together: number,
  work: (item: T) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < items.length; index = next++) {
      results[index] = await work(items[index] as T);
    }
  };
  await Promise.all(Array.from({ length: Math.min(together, items.length) }, worker));
  return results;
}
