import type { Project } from '@buildstate/core';
import { type RawBuilder, sql } from 'kysely';
import type { SqlContext } from '../context.ts';
import { type Query, statementOf } from '../prepared.ts';
import { type RecordTable, type ResultRow, recordOf } from '../record-table.ts';
import {
  failurePatterns,
  type OfProject,
  projects,
  resumableStates,
  retryPolicies,
  stateCodes,
} from '../rows/projects-rows.ts';

/** The lists of a project, each from its table. */
const lists = [stateCodes, retryPolicies, resumableStates, failurePatterns] as const;

function grouped<R extends OfProject>(
  table: RecordTable<R>,
  rows: readonly ResultRow[] | undefined,
  { dialect }: SqlContext,
): ReadonlyMap<string, R[]> {
  const groups = new Map<string, R[]>();
  for (const row of rows ?? []) {
    const entry = recordOf(table, row, dialect);
    const group = groups.get(entry.projectId);
    if (group === undefined) groups.set(entry.projectId, [entry]);
    else group.push(entry);
  }
  return groups;
}

const withoutProject = <R extends OfProject>({ projectId: _, ...entry }: R): Omit<R, 'projectId'> => entry;

/**
 * Whole projects, all read from the same state of the database.
 * @param chosen selects rows of `projects`, in the order wanted
 * @param ids the ids of those rows, as a list or a selection in parentheses
 */
export async function loadProjects(
  context: SqlContext,
  chosen: Query,
  ids: RawBuilder<unknown>,
): Promise<{ readonly rows: readonly ResultRow[]; readonly projects: readonly Project[] }> {
  const { dialect, session } = context;
  const listQueries = lists.map(({ name }) =>
    statementOf(dialect, sql`select * from ${sql.table(name)} where project_id in ${ids} order by position`),
  );
  const [rows = [], codes, policies, resumable, patterns] = await session.read([
    statementOf(dialect, chosen),
    ...listQueries,
  ]);
  const codesOf = grouped(stateCodes, codes, context);
  const policiesOf = grouped(retryPolicies, policies, context);
  const resumableOf = grouped(resumableStates, resumable, context);
  const patternsOf = grouped(failurePatterns, patterns, context);
  const found = rows.map((row): Project => {
    const project = recordOf(projects, row, dialect);
    return {
      ...project,
      stateCodes: (codesOf.get(project.id) ?? []).map(withoutProject),
      retryPolicies: (policiesOf.get(project.id) ?? []).map(withoutProject),
      resumableStates: resumableOf.get(project.id) ?? [],
      failurePatterns: (patternsOf.get(project.id) ?? []).map(withoutProject),
    };
  });
  return { rows, projects: found };
}
