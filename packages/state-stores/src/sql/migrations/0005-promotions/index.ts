import type { Migration } from '../migration.ts';

/** Who made which artifact a deliverable, and since when its build is releasable. */
export const promotions: Migration = {
  version: 5,
  name: 'promotions',
  statements: (t) => [
    `ALTER TABLE build_artifacts ADD COLUMN promoted_at ${t.time}`,
    `ALTER TABLE build_artifacts ADD COLUMN promoted_by ${t.text}`,
    `ALTER TABLE build_artifacts ADD COLUMN promotion_reason ${t.text}`,
    `ALTER TABLE builds ADD COLUMN releasable_at ${t.time}`,
  ],
};
