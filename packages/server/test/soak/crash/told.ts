/** What was told to the tracker of one build, and what of it was acknowledged. */
export interface ToldOfBuild {
  /** Ids of reports that were sent at least once. */
  readonly sent: Set<string>;
  /** Ids of reports that were acknowledged, in that order. */
  readonly acknowledged: string[];
}

/** What was told to the tracker, by build. */
export type Told = ReadonlyMap<string, ToldOfBuild>;

/**
 * Compares a build's history with what was told.
 * @param kept ids of the reports behind the attempts that are there
 * @param acknowledged those that must be among them
 * @returns one sentence for each thing that is wrong
 */
export function compareWithTold(
  build: string,
  kept: readonly string[],
  acknowledged: readonly string[],
  sent: ReadonlySet<string>,
): string[] {
  const times = new Map<string, number>();
  for (const id of kept) times.set(id, (times.get(id) ?? 0) + 1);
  const lost = acknowledged.filter((id) => !times.has(id));
  const doubled = [...times].filter(([, count]) => count > 1).map(([id]) => id);
  const unknown = [...times.keys()].filter((id) => !sent.has(id));
  return [
    ...lost.map((id) => `build ${build}: the report ${id} was acknowledged and is not there`),
    ...doubled.map((id) => `build ${build}: the report ${id} is there ${times.get(id)} times`),
    ...unknown.map((id) => `build ${build}: the report ${id} is there and was never sent`),
  ];
}
