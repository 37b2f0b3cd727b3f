import {
  makeArtifact,
  makeAttempt,
  makeChange,
  makeCreation,
  makeReference,
  makeVariable,
} from '@buildstate/conformance';
import type { Attempt, AttemptStatus } from '@buildstate/core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { artifacts } from '../../src/sql/rows/artifacts-rows.ts';
import { attempts } from '../../src/sql/rows/attempts-rows.ts';
import { wholeBuilds } from '../../src/sql/rows/builds-rows.ts';
import { events } from '../../src/sql/rows/events-rows.ts';
import { jobs } from '../../src/sql/rows/jobs-rows.ts';
import { leases } from '../../src/sql/rows/leases-rows.ts';
import {
  failurePatterns,
  projects,
  resumableStates,
  retryPolicies,
  stateCodes,
} from '../../src/sql/rows/projects-rows.ts';
import { references } from '../../src/sql/rows/references-rows.ts';
import { reports } from '../../src/sql/rows/reports-rows.ts';
import { resumeRequests } from '../../src/sql/rows/resume-requests-rows.ts';
import { tokens } from '../../src/sql/rows/tokens-rows.ts';
import { variables } from '../../src/sql/rows/variables-rows.ts';
import { connectSqlite } from '../../src/sqlite/connect-sqlite.ts';
import { addProject, newFolder, openDatabase, openStore } from './place.ts';

/** The columns that people rely on in their own SQL. */
const promised: Readonly<Record<string, string>> = {
  projects:
    'id, name, description, parent_project_id, artifact_base, settings, created_at, updated_at, deactivated_at',
  platforms:
    'id, name, display_name, description, cloud_provider, region, created_at, updated_at, deactivated_at',
  os_versions:
    'id, name, display_name, version, os_family, major_version, minor_version, os_distribution_id, deactivated_at',
  image_types:
    'id, name, display_name, description, image_variant_id, created_at, updated_at, deactivated_at',
  cloud_providers: 'id, name, display_name, description, created_at, updated_at, deactivated_at',
  os_distributions: 'id, name, display_name, description, created_at, updated_at, deactivated_at',
  image_variants: 'id, name, display_name, description, created_at, updated_at, deactivated_at',
  state_codes:
    'id, project_id, state_code, name, aliases, display_name, description, prerequisites, ' +
    'expected_duration_seconds, is_initial, is_final, is_error, deprecated_at, created_at',
  retry_policies: 'project_id, state_code, policy',
  builds:
    'id, build_number, project_id, platform_id, os_version_id, image_type_id, cloud_provider, os_distribution_id, ' +
    'image_variant_id, description, current_state, last_successful_state, failed_state, status, version, ' +
    'next_retry_at, parent_build_id, branch_key, branched_from_state, resume_token, metadata, created_by, ' +
    'created_at, updated_at, start_time, end_time, duration_seconds',
  build_states:
    'id, build_id, event_id, state, attempt, status, message, start_time, start_inferred, end_time, ' +
    'duration_seconds, closed_by, error_message, error_code, error_category, component, error_details, ' +
    'retry_count, reported_by, job_id, artifact_storage_type, artifact_storage_path, artifact_size_bytes, ' +
    'artifact_checksum, artifact_metadata, metadata, created_at',
  build_failures:
    'id, build_id, state, failure_type, error_message, error_details, component, retry_attempt, resolved, ' +
    'resolution_notes, created_at, resolved_at',
  build_artifacts:
    'id, build_id, state_code, attempt, artifact_name, version, superseded_by, artifact_type, artifact_path, ' +
    'replicas, storage_backend, storage_region, storage_bucket, storage_key, size_bytes, checksum, ' +
    'checksum_algorithm, content_type, is_resumable, is_final, expires_at, metadata, signature, parents, ' +
    'pinned_at, verification_status, last_verified_at, created_at, updated_at, deleted_at',
  build_variables:
    'id, build_id, variable_key, variable_value, variable_type, set_at_state, is_sensitive, ' +
    'is_required_for_resume, created_at, updated_at',
  resumable_states:
    'project_id, state_code, is_resumable, resume_strategy, required_artifacts, required_variables, ' +
    'resume_command, resume_timeout_seconds, description, notes',
  resume_requests:
    'id, build_id, resume_from_state, resume_to_state, resume_reason, requested_by, request_source, ' +
    'orchestration_job_id, orchestration_job_url, orchestration_status, triggered_at, completed_at, ' +
    'error_message, metadata, created_at, updated_at',
  build_jobs:
    'id, build_id, platform, pipeline_name, job_name, job_url, job_id, build_number, triggered_by, ' +
    'trigger_source, status, started_at, completed_at, is_resume_job, resumed_from_state, parent_job_id',
  leases: 'build_id, holder, identity, token, ttl_seconds, acquired_at, renewals, expires_at, released_at',
  build_events: 'position, build_id, seq, type, actor_id, at, data, prev_hash, hash',
  users: 'id, name, created_at',
  api_tokens:
    'id, name, hash, scopes, project_id, created_by, created_at, expires_at, last_used_at, revoked_at',
  reports: 'build_id, event_id, answer',
  failure_patterns: 'project_id, pattern, category',
  build_variable_history: 'id, build_id, variable_key, variable_value, replaced_at',
};

const mapped = [
  ...[projects, stateCodes, retryPolicies, resumableStates, failurePatterns, ...Object.values(references)],
  ...[wholeBuilds, leases, reports, events, attempts, artifacts, variables, resumeRequests, jobs, tokens],
];

async function newStore() {
  const folder = await newFolder();
  const store = await openStore(`sqlite://${folder}/state.db`);
  return { store, database: openDatabase(`${folder}/state.db`) };
}

describe('the tables of a SQLite store', () => {
  test('have the columns that people query by', async () => {
    const { database } = await newStore();
    for (const [table, columns] of Object.entries(promised)) {
      expect(() => database.prepare(`select ${columns} from ${table}`).all(), table).not.toThrow();
    }
  });

  test('have a column for every field of every record, and need no other', async () => {
    const { database } = await newStore();
    for (const { name, names } of mapped) {
      const columns = database.pragma(`table_info(${name})`) as {
        name: string;
        notnull: number;
        pk: number;
      }[];
      const present = columns.map((column) => column.name);
      expect(present, name).toEqual(expect.arrayContaining([...names]));
      const needed = columns
        .filter(({ notnull, pk }) => notnull === 1 && pk === 0)
        .map((column) => column.name);
      expect(names, name).toEqual(expect.arrayContaining(needed));
    }
  });

  test('wait for the disk at every commit, keep a write-ahead log, and check foreign keys', async () => {
    const { database } = await newStore();
    const session = await connectSqlite({ file: database.name, patience: 1000, checkpointPages: 1234 });
    onTestFinished(() => session.close());
    const names = ['journal_mode', 'synchronous', 'foreign_keys', 'wal_autocheckpoint', 'fullfsync'];
    const rows = await session.read(names.map((name) => ({ sql: `pragma ${name}`, parameters: [] })));
    // 2 is FULL.
    expect(rows.map(([row]) => Object.values(row ?? {})[0])).toEqual(['wal', 2, 1, 1234, 1]);
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
    const builds =
      'insert into leases (build_id, holder, token, ttl_seconds, acquired_at, renewals, expires_at)';
    expect(() => database.exec(`${builds} values ('absent', 'x', 1, 1, '', 0, '')`)).toThrow(/FOREIGN KEY/);
  });

  test('answer where the bytes of a state are kept', async () => {
    const { store, database } = await newStore();
    const change = makeCreation(await addProject(store));
    const { id } = change.head.build;
    const bytes = (path: string): Partial<Attempt> => ({
      state: 25,
      artifactStorageType: 's3',
      artifactStoragePath: path,
      artifactSizeBytes: 268_435_456,
      artifactChecksum: `sha256:${'c'.repeat(64)}`,
      artifactMetadata: { format: 'qcow2' },
    });
    await store.createBuild({
      ...change,
      attempts: [
        makeAttempt(id, bytes('s3://images/old')),
        makeAttempt(id, bytes('s3://images/new')),
        makeAttempt(id, { state: 25 }),
        makeAttempt(id, { ...bytes('s3://images/other'), state: 30 }),
      ],
    });
    const row = database
      .prepare(
        `SELECT artifact_storage_type, artifact_storage_path, artifact_size_bytes, artifact_checksum, artifact_metadata
         FROM build_states WHERE build_id = ? AND state = 25 AND artifact_storage_path IS NOT NULL
         ORDER BY created_at DESC LIMIT 1`,
      )
      .get(id);
    expect(row).toEqual({
      artifact_storage_type: 's3',
      artifact_storage_path: 's3://images/new',
      artifact_size_bytes: 268_435_456,
      artifact_checksum: `sha256:${'c'.repeat(64)}`,
      artifact_metadata: '{"format":"qcow2"}',
    });
  });

  test('show failures, and how they were resolved', async () => {
    const { store, database } = await newStore();
    const change = makeCreation(await addProject(store));
    const { id } = change.head.build;
    const failed = (state: number, message: string): Attempt =>
      makeAttempt(id, {
        state,
        status: 'failed',
        errorMessage: message,
        errorCategory: 'transient',
        component: 'packer',
        errorDetails: { code: 7 },
        retryCount: 1,
      });
    const after = (state: number, status: AttemptStatus): Attempt =>
      makeAttempt(id, { state, status, message: `${status} now` });
    const resolving: AttemptStatus[] = ['completed', 'skipped', 'rolled_back', 'manual_retry'];
    const open = [failed(80, 'open'), after(80, 'failed'), after(80, 'in_progress'), after(85, 'completed')];
    await store.createBuild({
      ...change,
      attempts: [
        after(10, 'completed'),
        ...resolving.flatMap((status, index) => [failed(10 + index, status), after(10 + index, status)]),
        ...open,
      ],
    });
    const rows = database
      .prepare<[], Record<string, unknown>>('select * from build_failures order by created_at')
      .all();
    const resolution = Object.fromEntries(rows.map((row) => [row.error_message, row.resolution_notes]));
    expect(resolution).toEqual({
      completed: 'completed now',
      skipped: 'skipped now',
      rolled_back: 'rolled_back now',
      manual_retry: 'manual_retry now',
      open: null,
      null: null,
    });
    expect(rows.find((row) => row.error_message === 'completed')).toMatchObject({
      build_id: id,
      state: 10,
      failure_type: 'transient',
      component: 'packer',
      error_details: '{"code":7}',
      retry_attempt: 1,
      resolved: 1,
      resolved_at: expect.stringMatching(/^2026-/),
    });
    expect(rows.find((row) => row.error_message === 'open')).toMatchObject({
      resolved: 0,
      resolved_at: null,
    });
  });

  test('keep the values of variables that were replaced', async () => {
    const { store, database } = await newStore();
    const change = makeCreation(await addProject(store));
    const { id } = change.head.build;
    const variable = makeVariable(id, { variableKey: 'ami', variableValue: 'first' });
    await store.createBuild({ ...change, variables: [variable] });
    const next = makeChange(change.head, { variables: [{ ...variable, variableValue: 'second' }] });
    await store.commitBuild(next);
    await store.commitBuild(
      makeChange(next.head, { variables: [{ ...variable, variableValue: 'third', isSensitive: true }] }),
    );
    expect(await store.listVariables(id)).toMatchObject([{ variableValue: 'third' }]);
    const history = database.prepare(
      'select variable_key, variable_value, replaced_at from build_variable_history',
    );
    expect(history.all()).toMatchObject([
      { variable_key: 'ami', variable_value: 'first', replaced_at: next.head.build.updatedAt },
      { variable_key: 'ami', variable_value: 'second' },
    ]);
  });

  test('show what a kind of reference data has of its own, and name policies in snake case', async () => {
    const { store, database } = await newStore();
    const attributes = { cloud_provider: 'aws', region: 'eu-central-1', zone: 'a' };
    await store.saveReference('platforms', makeReference({ attributes }));
    await store.saveReference('os_versions', makeReference({ attributes: { major_version: 9 } }));
    expect(database.prepare('select cloud_provider, region from platforms').get()).toEqual({
      cloud_provider: 'aws',
      region: 'eu-central-1',
    });
    expect(database.prepare('select major_version from os_versions').get()).toEqual({ major_version: '9' });
    const project = await addProject(store);
    const policy = { strategy: 'custom', maxAttempts: 2, initialDelaySeconds: 1, maxDelaySeconds: 9 };
    const rest = { multiplier: 1, jitter: 'none', retryOn: ['unknown'], notifyOn: 'never' } as const;
    const changed = {
      ...project,
      revision: 2,
      retryPolicies: [{ stateCode: null, policy: { ...policy, ...rest } }],
    };
    expect(await store.saveProject(changed, 1)).toBe(true);
    expect(await store.loadProject({ id: project.id })).toEqual(changed);
    const row = database
      .prepare(
        "select policy ->> 'max_attempts' as attempts, policy ->> 'notify_on' as notify from retry_policies",
      )
      .get();
    expect(row).toEqual({ attempts: 2, notify: 'never' });
  });

  test('take an id that another build has, and keep the two apart', async () => {
    const { store } = await newStore();
    const project = await addProject(store);
    const [one, two] = [makeCreation(project), makeCreation(project)];
    const shared = makeArtifact(one.head.build.id, { artifactName: 'of the first' });
    await store.createBuild({ ...one, artifacts: [shared] });
    const second = { ...shared, buildId: two.head.build.id, artifactName: 'of the second' };
    await store.createBuild({ ...two, artifacts: [second] });
    const list = async (id: string) => (await store.listArtifacts(id, { limit: 9 })).items;
    expect(await list(one.head.build.id)).toEqual([shared]);
    expect(await list(two.head.build.id)).toEqual([second]);
  });
});
