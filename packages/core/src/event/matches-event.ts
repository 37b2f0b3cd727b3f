import type { StreamedEvent, StreamQuery } from '../ports/event-stream.ts';

/** Conditions on events of all builds; they count together. */
export type EventConditions = Pick<StreamQuery, 'projectId' | 'buildId' | 'types' | 'since'>;

/** Whether an event meets conditions. */
export function matchesEvent(
  { event, build }: Pick<StreamedEvent, 'event' | 'build'>,
  { projectId, buildId, types, since }: EventConditions,
): boolean {
  return (
    (projectId === undefined || build.projectId === projectId) &&
    (buildId === undefined || event.buildId === buildId) &&
    (types === undefined || types.includes(event.type)) &&
    (since === undefined || event.at >= since)
  );
}
