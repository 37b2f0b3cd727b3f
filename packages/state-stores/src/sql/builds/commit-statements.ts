import type { BuildChange, BuildHead } from '@buildstate/core';
import { sql } from 'kysely';
import type { SqlDialect, WriteStatement } from '../dialect.ts';
import { prepared } from '../prepared.ts';
import { events } from '../rows/events-rows.ts';
import { jobs } from '../rows/jobs-rows.ts';
import { leases } from '../rows/leases-rows.ts';
import { reports } from '../rows/reports-rows.ts';
import { resumeRequests } from '../rows/resume-requests-rows.ts';
import { inserter, upserter } from '../write-records.ts';
import { input, type WriteShape } from '../write-shape.ts';
import { artifactWriter } from './write-artifact.ts';
import { headWriter } from './write-head.ts';
import { attemptWriter, stateWriter } from './write-history.ts';
import { variableWriter } from './write-variables.ts';

const key = ['id', 'build_id'] as const;

const noLeaseShape: WriteShape = {
  name: 'delete leases',
  columns: [{ name: 'build_id', kind: 'text' }],
  build: 0,
  decides: false,
  many: (source, decided) =>
    sql`delete from leases using ${source} where leases.build_id = ${input('build_id')} and ${decided}`,
};

/**
 * The statements of a change. The guard of the build's row comes first: when the build is not what was decided on,
 * nothing else is tried. A report that is counted already refuses the change as well.
 */
export function changeWriter(dialect: SqlDialect): (change: BuildChange) => WriteStatement[] {
  const head = headWriter(dialect);
  const lease = upserter(dialect, leases, ['build_id']);
  const noLease = prepared<{ buildId: string }>(
    dialect,
    (value) => sql`delete from leases where build_id = ${value('buildId')}`,
  );
  const report = inserter(dialect, reports);
  const state = stateWriter(dialect);
  const attempt = attemptWriter(dialect);
  const artifact = artifactWriter(dialect);
  const variable = variableWriter(dialect);
  const resumeRequest = upserter(dialect, resumeRequests, key);
  const job = upserter(dialect, jobs, key);
  const event = inserter(dialect, events);

  const leaseRow = ({ build, lease: newest }: BuildHead): WriteStatement =>
    newest === null
      ? { ...noLease({ buildId: build.id }), shape: noLeaseShape }
      : lease({ ...newest, buildId: build.id });

  return (change) => {
    const { before } = change;
    const { id: buildId, updatedAt } = change.head.build;
    const statements: WriteStatement[] = [
      change.expected === null ? head.insert(change.head) : head.update(change, change.expected),
    ];
    if (change.report !== undefined) {
      statements.push({ ...report({ ...change.report, buildId }), guard: true });
    }
    if (change.leaseChanged) statements.push(leaseRow(change.head));
    statements.push(
      ...change.states.map((record) => state({ ...record, buildId }, before)),
      ...change.attempts.map((record) => attempt(record, before)),
      ...change.artifacts.flatMap(artifact),
      ...change.variables.flatMap((entry) => variable(entry, updatedAt)),
      ...change.resumeRequests.map(resumeRequest),
      ...change.jobs.map(job),
      ...change.events.map(event),
    );
    return statements;
  };
}
