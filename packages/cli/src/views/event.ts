import type { EventRecord } from '@buildstate/client';
import { columnMoment, shortDuration } from '../output/amounts.ts';
import type { Style } from '../output/style.ts';
import { table } from '../output/table.ts';
import type { View } from '../output/view.ts';

/** Facts that say nothing to people: ids of rows, and what the other facts say already. */
const forMachines = /(^|_)id$|^(component|version)$/;

function fact(name: string, value: unknown): string {
  const words = name.replace(/^is_/, '').replaceAll('_', ' ');
  if (name === 'state') return `state ${value}`;
  if (name === 'duration_seconds' && typeof value === 'number') return `took ${shortDuration(value)}`;
  if (typeof value === 'boolean') return value ? words : `not ${words}`;
  if (Array.isArray(value)) return `${words} ${value.join(', ')}`;
  return `${words} ${typeof value === 'object' ? JSON.stringify(value) : value}`;
}

/** The facts of an event in one line: `state 10, attempt 1, took 5m 3s`. */
export function eventSummary({ data }: Pick<EventRecord, 'data'>): string {
  return Object.entries(data)
    .filter(([name, value]) => value !== null && value !== '' && !forMachines.test(name))
    .map(([name, value]) => fact(name, value))
    .join(', ');
}

function paintType(style: Style, type: string): string {
  if (/\.(failed|corrupt|missing|lost|rejected)$/.test(type)) return style.bad(type);
  return /^build\.completed$|^state\.completed$/.test(type) ? style.good(type) : type;
}

/** An event in one line, with its time. @param what is put before it, where events of several builds are mixed */
export function eventLine(event: EventRecord, style: Style, what?: string): string {
  const words = [
    style.dim(event.at),
    what && style.bold(what),
    paintType(style, event.type),
    eventSummary(event),
  ];
  return words.filter((word) => word).join('  ');
}

/** What happened to a build. */
export function eventListView(events: readonly EventRecord[]): View {
  return {
    body: events,
    ids: () => events.map(({ seq }) => String(seq)),
    text: (style) =>
      events.length === 0
        ? 'No events.'
        : table(style, events, [
            { title: 'Seq', value: ({ seq }) => String(seq), align: 'right' },
            { title: 'Time', value: ({ at }) => columnMoment(at, style) },
            { title: 'Type', value: ({ type }) => type },
            { title: 'Actor', value: ({ actorId }) => actorId, cuttable: true },
            { title: 'Summary', value: eventSummary, cuttable: true },
          ]),
  };
}
