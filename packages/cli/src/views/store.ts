import type { RecordCounts } from '@buildstate/state-stores/moving';
import type { Style } from '../output/style.ts';
import type { View } from '../output/view.ts';

const words: readonly (readonly [keyof RecordCounts, string, string])[] = [
  ['projects', 'project', 'projects'],
  ['references', 'entry of reference data', 'entries of reference data'],
  ['tokens', 'API key', 'API keys'],
  ['builds', 'build', 'builds'],
  ['attempts', 'attempt', 'attempts'],
  ['artifacts', 'artifact', 'artifacts'],
  ['events', 'event', 'events'],
];

/** Counts as people say them: `1 project, 3 builds`. */
export function countsText(counts: RecordCounts): string {
  const parts = words.flatMap(([name, one, many]) => {
    const count = counts[name];
    return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
  });
  return parts.length === 0 ? 'nothing' : parts.join(', ');
}

/** What became of records that were put into a store. */
export interface PutResult {
  readonly written: RecordCounts;
  readonly identical: RecordCounts;
  readonly conflicts: readonly string[];
}

/** The lines that say what came of putting records into a store. */
export function putLines(done: string, { written, identical, conflicts }: PutResult, style: Style): string[] {
  const total = Object.values(identical).some((count) => count > 0);
  return [
    `${done} ${countsText(written)}.`,
    ...(total ? [`Was there already, exactly so: ${countsText(identical)}.`] : []),
    ...conflicts.map((conflict) => style.bad(`Left out: ${conflict}.`)),
  ];
}

/** The view of what came of putting records into a store. */
export function putView(done: string, result: PutResult): View {
  return { body: result, text: (style) => putLines(done, result, style).join('\n') };
}
