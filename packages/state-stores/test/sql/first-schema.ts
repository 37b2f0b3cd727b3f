import { makeArtifact, makeAttempt, makeCreation } from '@buildstate/conformance';
import type { StateStore, WholeBuild } from '@buildstate/core';

/** A database that takes statements without parameters. */
export type Execute = (statement: string) => Promise<void>;

/** Puts a build with two states and an artifact with a parent into a store, and answers it whole. */
export async function addWorkedBuild(
  store: StateStore,
  project: Parameters<typeof makeCreation>[0],
): Promise<WholeBuild> {
  const { id } = makeCreation(project).head.build;
  const attempts = [makeAttempt(id, { state: 5 }), makeAttempt(id, { state: 10, status: 'abandoned' })];
  const [done, left] = attempts.map((attempt) => ({
    state: attempt.state,
    attempts: 1,
    failures: 0,
    outcome: attempt.status === 'completed' ? ('completed' as const) : null,
    completedAttemptId: attempt.status === 'completed' ? attempt.id : null,
    artifactFingerprint: null,
    lastAttemptId: attempt.id,
    abandoned: attempt.status === 'abandoned',
  }));
  if (done === undefined || left === undefined) throw new Error('there are two attempts');
  const parent = makeArtifact(id);
  const change = makeCreation(project, {
    build: { id, status: 'running', currentState: 10, lastSuccessfulState: 5 },
    attempts,
    artifacts: [parent, makeArtifact(id, { parents: [parent.id] })],
    head: { states: { 5: done, 10: left } },
  });
  await store.createBuild(change);
  const whole = await store.loadWholeBuild(id);
  if (whole === undefined) throw new Error('the build is not there');
  return whole;
}

/** What takes the table of events back, on PostgreSQL alone. */
export const eventsBackOnPostgres =
  'ALTER TABLE build_events DROP COLUMN transaction_id, ADD PRIMARY KEY (position)';

/** Takes a database with one build back to its first schema, as the version that wrote it left it. */
export async function backToFirstSchema({ head }: WholeBuild, execute: Execute): Promise<void> {
  const stored = JSON.stringify({
    states: head.states,
    lastEndedAt: head.lastEndedAt,
    counts: head.counts,
    resumeTarget: head.resumeTarget,
    chain: head.chain,
  });
  const columns = ['promoted_at', 'promoted_by', 'promotion_reason'];
  const indexes = [
    'build_artifacts_by_age',
    'build_artifacts_by_checksum',
    'build_artifacts_by_inputs',
    'build_states_by_age',
    'resume_requests_by_age',
    'builds_pending',
    'builds_running',
    'builds_due',
    'builds_held',
  ];
  const statements = [
    `UPDATE builds SET head = '${stored}'`,
    ...['build_state_records', 'keyed_requests', 'artifact_parents', 'duties', 'actors'].map(
      (name) => `DROP TABLE ${name}`,
    ),
    ...indexes.map((name) => `DROP INDEX ${name}`),
    ...columns.map((name) => `ALTER TABLE build_artifacts DROP COLUMN ${name}`),
    'DROP INDEX builds_by_end',
    'ALTER TABLE builds DROP COLUMN held_until',
    'ALTER TABLE builds DROP COLUMN releasable_at',
    'ALTER TABLE build_events DROP COLUMN signature',
    'ALTER TABLE builds DROP COLUMN branch_until',
    'ALTER TABLE builds DROP COLUMN branches',
    'ALTER TABLE builds DROP COLUMN history',
    'ALTER TABLE projects DROP COLUMN retention',
    'DELETE FROM buildstate_schema WHERE version > 1',
  ];
  for (const statement of statements) await execute(statement);
}

/** Whether searches by parent find the child. */
export async function findsChild(store: StateStore, { artifacts }: WholeBuild): Promise<boolean> {
  const child = artifacts.find(({ parents }) => parents.length > 0);
  const found = await store.searchArtifacts({ parents: child?.parents, limit: 10 });
  return found.items.length === 1 && found.items[0]?.record.id === child?.id;
}
