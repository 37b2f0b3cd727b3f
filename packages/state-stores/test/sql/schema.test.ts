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
import { connectSqlite } from '../../src/sqlite/connect-sqlite.ts';

import { addProject, newFolder, openDatabase, openStore } from './place.ts';
import { mapped, promised } from './promised.ts';

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
