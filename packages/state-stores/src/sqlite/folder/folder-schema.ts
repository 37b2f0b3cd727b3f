import type { Migration, Schedule } from '../../sql/migrations/migration.ts';

const first: Migration = {
  version: 1,
  name: 'files of builds',
  statements: (t) => [
    // `change` is what creates the build, until its file has it. `stamp` is how the file looked when its build was
    // copied to `builds`.
    `CREATE TABLE build_files (
      build_id ${t.text} NOT NULL PRIMARY KEY,
      project_id ${t.text} NOT NULL,
      build_number ${t.text} NOT NULL,
      stamp ${t.text},
      change ${t.json},
      UNIQUE (project_id, build_number)
    ) ${t.tableOptions}`,
    'CREATE INDEX build_files_without_build ON build_files (build_id) WHERE change IS NOT NULL',
  ],
};

const copiedRows: Migration = {
  version: 2,
  name: 'copies of rows',
  // The version of the build whose attempts and artifacts were last copied for searches.
  statements: (t) => [`ALTER TABLE build_files ADD COLUMN copied_version ${t.integer}`],
};

/** What the index of a folder has beyond the tables of a store. */
export const folderSchema: Schedule = { schema: 'folder', migrations: [first, copiedRows] };
