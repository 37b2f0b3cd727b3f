import type { Project } from '@buildstate/core';
import { sql } from 'kysely';
import type { SqlDialect, WriteStatement } from '../dialect.ts';
import { prepared, statementOf } from '../prepared.ts';
import { cellsOf } from '../record-table.ts';
import {
  failurePatterns,
  projects,
  resumableStates,
  retryPolicies,
  type StoredProject,
  stateCodes,
} from '../rows/projects-rows.ts';
import { inserter } from '../write-records.ts';

const listTables = [stateCodes, retryPolicies, resumableStates, failurePatterns] as const;

function storedPart(project: Project): StoredProject {
  const { stateCodes: _1, retryPolicies: _2, resumableStates: _3, failurePatterns: _4, ...stored } = project;
  return stored;
}

/**
 * The statements that write a whole project: its row under the guard of the expected revision, its lists anew. Lists are
 * short, and replacing them keeps their order.
 */
export function projectWriter(dialect: SqlDialect): (project: Project, expected: number) => WriteStatement[] {
  const insert = inserter(dialect, projects);
  const insertCode = inserter(dialect, stateCodes);
  const insertPolicy = inserter(dialect, retryPolicies);
  const insertResumable = inserter(dialect, resumableStates);
  const insertPattern = inserter(dialect, failurePatterns);
  const clears = listTables.map(({ name }) =>
    prepared<{ id: string }>(
      dialect,
      (value) => sql`delete from ${sql.table(name)} where project_id = ${value('id')}`,
    ),
  );

  function guarded(project: StoredProject, expected: number): WriteStatement {
    if (expected === 0) return { ...insert(project), guard: true };
    const cells = cellsOf(projects.columns, project, dialect);
    const set = projects.names.map((name, index) => sql`${sql.ref(name)} = ${cells[index]}`);
    const update = sql`update projects set ${sql.join(set)} where id = ${project.id} and revision = ${expected}`;
    return { ...statementOf(dialect, update), guard: true };
  }

  return (project, expected) => {
    const projectId = project.id;
    return [
      guarded(storedPart(project), expected),
      ...clears.map((clear) => clear({ id: projectId })),
      ...project.stateCodes.map((entry) => insertCode({ ...entry, projectId })),
      ...project.retryPolicies.map((entry) => insertPolicy({ ...entry, projectId })),
      ...project.resumableStates.map((entry) => insertResumable(entry)),
      ...project.failurePatterns.map((entry) => insertPattern({ ...entry, projectId })),
    ];
  };
}
