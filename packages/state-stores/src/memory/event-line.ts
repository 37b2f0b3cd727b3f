import type { BuildEvent, StreamedEvent, StreamPart, StreamQuery } from '@buildstate/core';
import { matchesEvent, placeOf, positionOf } from '@buildstate/core/light';
import type { BuildRecord } from './build-record.ts';

interface Placed {
  readonly record: BuildRecord;
  readonly event: BuildEvent;
}

/** The events of all builds in the order in which they were written. What it answers is shared: copy what is handed on. */
export class EventLine {
  readonly #placed: Placed[] = [];

  /** Takes events in at the end. */
  append(record: BuildRecord, events: readonly BuildEvent[]): void {
    for (const event of events) this.#placed.push({ record, event });
  }

  /** See `EventStream.readStream`. */
  read(query: StreamQuery): StreamPart {
    const { order, after, limit } = query;
    const step = order === 'oldest' ? 1 : -1;
    const place = after === undefined ? undefined : placeOf(after, 1, 'after');
    const items: StreamedEvent[] = [];
    let index = this.#firstBehind(order, after !== undefined, place?.order[0]);
    for (; index >= 0 && index < this.#placed.length; index += step) {
      const streamed = this.#streamed(index);
      if (!matchesEvent(streamed, query)) continue;
      if (items.length === limit) return { items, next: items.at(-1)?.position ?? '', held: false };
      items.push(streamed);
    }
    return { items, held: false };
  }

  /** See `EventStream.hasPosition`. */
  has(position: string): boolean {
    const place = placeOf(position, 1, 'after');
    if (place === undefined) return true;
    return this.#placed[Number(place.order[0]) - 1]?.event.hash.startsWith(place.mark) === true;
  }

  #firstBehind(order: StreamQuery['order'], given: boolean, number: string | undefined): number {
    if (order === 'oldest') return Number(number ?? 0);
    if (number === undefined) return given ? -1 : this.#placed.length - 1;
    return Number(number) - 2;
  }

  /** Positions are counted from 1. */
  #streamed(index: number): StreamedEvent {
    const { record, event } = this.#placed[index] as Placed;
    const { buildNumber, projectId, project } = record.head.build;
    return {
      position: positionOf([index + 1], event.hash),
      event,
      build: { buildNumber, projectId, project },
    };
  }
}
