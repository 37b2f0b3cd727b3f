import type { Migration } from '../migration.ts';

/** The signatures of checkpoints, beside the events that they sign. */
export const signedEvents: Migration = {
  version: 12,
  name: 'signed events',
  statements: (t) => [`ALTER TABLE build_events ADD COLUMN signature ${t.text}`],
};
