import type { Migration } from '../migration.ts';
import { accessTables } from './access.ts';
import { buildTables } from './builds.ts';
import { contentTables } from './content.ts';
import { historyTables } from './history.ts';
import { projectTables } from './projects.ts';
import { referenceTables } from './references.ts';

/** The first schema. */
export const first: Migration = {
  version: 1,
  name: 'first tables',
  statements: (ddl) => [
    ...projectTables(ddl),
    ...referenceTables(ddl),
    ...buildTables(ddl),
    ...historyTables(ddl),
    ...contentTables(ddl),
    ...accessTables(ddl),
  ],
};
