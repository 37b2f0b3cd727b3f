import type { ReferenceRecord } from '@buildstate/client';
import { moment } from '../output/amounts.ts';
import { details, table } from '../output/table.ts';
import type { View } from '../output/view.ts';
import type { ReferenceTopic } from '../reference/topic.ts';

type Entry = ReferenceRecord<'platforms'>;

/** A field that only one kind has. */
function own(entry: Entry, field: string): string | undefined {
  const value = (entry as unknown as Readonly<Record<string, unknown>>)[field];
  return value === null || value === undefined ? undefined : String(value);
}

/** One entry of reference data. */
export function referenceView({ shown }: ReferenceTopic, entry: Entry): View {
  return {
    body: entry,
    ids: () => [entry.id],
    text: (style) =>
      details(style, [
        ['Name', entry.name],
        ['Id', entry.id],
        ['Shown as', entry.displayName],
        ['Description', entry.description],
        ...shown.map(([title, field]) => [title, own(entry, field)] as const),
        ['Created', moment(entry.createdAt, style.now)],
        ['Deactivated', moment(entry.deactivatedAt, style.now)],
      ]),
  };
}

/** Entries of one kind of reference data. */
export function referenceListView({ many, shown }: ReferenceTopic, entries: readonly Entry[]): View {
  return {
    body: entries,
    ids: () => entries.map(({ id }) => id),
    text: (style) =>
      entries.length === 0
        ? `No ${many}.`
        : table(style, entries, [
            { title: 'Id', value: ({ id }) => id },
            { title: 'Name', value: ({ name }) => name },
            ...shown
              .filter(([, field]) => !field.endsWith('Id'))
              .map(([title, field]) => ({ title, value: (entry: Entry) => own(entry, field) })),
            { title: 'Active', value: ({ deactivatedAt }) => (deactivatedAt === null ? 'yes' : 'no') },
            {
              title: 'Description',
              value: ({ displayName, description }) => description ?? displayName,
              cuttable: true,
            },
          ]),
  };
}
