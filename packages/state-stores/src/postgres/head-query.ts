import { type RawBuilder, sql } from 'kysely';
import type { JoinedHead } from '../sql/dialect.ts';
import type { ResultRow } from '../sql/record-table.ts';
import { attempts } from '../sql/rows/attempts-rows.ts';
import { wholeBuilds } from '../sql/rows/builds-rows.ts';
import { leases } from '../sql/rows/leases-rows.ts';
import { reports } from '../sql/rows/reports-rows.ts';
import { stateRecords } from '../sql/rows/state-records-rows.ts';
import { joined } from '../sql/write-shape.ts';
import { postgresDialect } from './postgres-dialect.ts';

/** The columns of a joined table, with a prefix where names of several tables meet. */
function columnsOf(table: string, names: readonly string[], prefix: string): RawBuilder<unknown>[] {
  return names.map((name) => sql`${sql.ref(`${table}.${name}`)} as ${sql.ref(`${prefix}${name}`)}`);
}

const stateNames = stateRecords.names.filter((name) => name !== 'build_id');

/**
 * A build with all that a head has, found by keys alone; for many builds at once. The open attempt is found by its id,
 * and the report by its event, whose builds are only looked at: these plans are made while tables are empty and all
 * indexes look alike, of which others would be read through all attempts of the build, or all reports of all builds.
 */
const text = sql`select asked.place, ${joined(columnsOf('builds', wholeBuilds.names, ''))},
    ${postgresDialect.now} as now_milliseconds, projects.revision as project_revision,
    ${joined(columnsOf('leases', leases.names, 'lease_'))},
    ${joined(columnsOf('opened', attempts.names, 'open_'))},
    ${joined(columnsOf('reports', reports.names, 'report_'))},
    (select json_agg(json_build_array(${joined(stateNames.map((name) => sql.ref(name)))}))
      from build_state_records where build_state_records.build_id = builds.id) as state_records
  from unnest(${sql.val('')}::text[], ${sql.val('')}::text[]) with ordinality as asked(id, event_id, place)
  join builds on builds.id = asked.id
  left join projects on projects.id = builds.project_id
  left join leases on leases.build_id = builds.id
  left join build_states as opened on opened.id = builds.open_attempt_id and (opened.build_id = builds.id) is true
  left join reports on reports.event_id = asked.event_id and (reports.build_id = builds.id) is true`.compile(
  postgresDialect.builder,
).sql;

/** The statement that reads the heads of some builds and, for each, a report. */
export function headsStatement(ids: readonly string[], eventIds: readonly string[]) {
  return { sql: text, parameters: [ids, eventIds] };
}

/** The row of a joined table; nothing where none was joined. */
function partOf(row: ResultRow, names: readonly string[], prefix: string): ResultRow | undefined {
  if (row[`${prefix}build_id`] === null) return undefined;
  const part: Record<string, unknown> = {};
  for (const name of names) part[name] = row[`${prefix}${name}`];
  return part;
}

function stateRows(buildId: unknown, records: unknown): readonly ResultRow[] {
  if (typeof records !== 'string') return [];
  return (JSON.parse(records) as unknown[][]).map((values) => {
    const row: Record<string, unknown> = { build_id: buildId };
    stateNames.forEach((name, index) => {
      row[name] = values[index];
    });
    return row;
  });
}

/** What a row of `headsStatement` holds. */
export function joinedHeadOf(row: ResultRow): JoinedHead {
  return {
    build: row,
    states: stateRows(row.id, row.state_records),
    lease: partOf(row, leases.names, 'lease_'),
    openAttempt: partOf(row, attempts.names, 'open_'),
    report: partOf(row, reports.names, 'report_'),
  };
}
