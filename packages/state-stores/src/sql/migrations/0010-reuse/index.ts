import type { Migration } from '../migration.ts';

/** What artifacts are found by that were made from the same inputs. Few say what they were made from. */
export const reuse: Migration = {
  version: 10,
  name: 'artifacts by what they were made from',
  statements: (t) => {
    const madeFrom = t.textIn('metadata', 'made_from');
    return [
      `CREATE INDEX build_artifacts_by_inputs ON build_artifacts ((${madeFrom}), created_at, id, build_id)
        WHERE ${madeFrom} IS NOT NULL`,
    ];
  },
};
