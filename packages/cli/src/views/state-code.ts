import type { StateCodeRecord } from '@buildstate/client';
import { shortDuration } from '../output/amounts.ts';
import { table } from '../output/table.ts';
import type { View } from '../output/view.ts';

function marks({ isInitial, isFinal, isError, deprecatedAt }: StateCodeRecord): string {
  const all = [
    isInitial && 'initial',
    isFinal && 'final',
    isError && 'error',
    deprecatedAt !== null && 'deprecated',
  ];
  return all.filter(Boolean).join(', ');
}

/** Entries of a catalogue. */
export function stateCodeListView(entries: readonly StateCodeRecord[], body: unknown = entries): View {
  return {
    body,
    ids: () => entries.map(({ stateCode }) => String(stateCode)),
    text: (style) =>
      table(style, entries, [
        { title: 'Code', value: ({ stateCode }) => String(stateCode), align: 'right' },
        { title: 'Name', value: ({ name }) => name },
        { title: 'Aliases', value: ({ aliases }) => aliases.join(', ') },
        { title: 'Shown as', value: ({ displayName }) => displayName },
        { title: 'After', value: ({ prerequisites }) => prerequisites.join(', ') },
        {
          title: 'Expected',
          value: ({ expectedDurationSeconds: seconds }) =>
            seconds === null ? undefined : shortDuration(seconds),
          align: 'right',
        },
        { title: 'Marks', value: marks },
      ]),
  };
}
