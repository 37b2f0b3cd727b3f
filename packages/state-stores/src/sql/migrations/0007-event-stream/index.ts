import type { Migration } from '../migration.ts';

/** One order of the events of all builds, in which none is ever skipped by who reads along. */
export const eventStream: Migration = {
  version: 7,
  name: 'stream of events',
  statements: (t) => t.streamOfEvents,
};
