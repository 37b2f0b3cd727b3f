import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeToken } from '@buildstate/conformance';
import { createTracker, type OperationName, type RawInput, type StateStore } from '@buildstate/core';
import { createIds, createNodeCrypto, loadKeyRing, systemClock } from '@buildstate/node-runtime';
import { openStateStore } from '@buildstate/state-stores';
import { onTestFinished } from 'vitest';

/** A new folder that is removed after the test. */
export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'buildstate-moving-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** An open store that is closed after the test. */
export async function opened(uri: string): Promise<StateStore> {
  const store = await openStateStore(uri);
  onTestFinished(() => store.close());
  return store;
}

/** The addresses of new stores of every kind that needs no server. */
export const addresses: Readonly<Record<string, (folder: string) => string>> = {
  memory: () => 'memory:',
  'one SQLite file': (folder) => `sqlite://${folder}/builds.db`,
  'a folder of SQLite files': (folder) => `sqlite://${folder}/builds`,
  files: (folder) => `file://${folder}/files`,
};

const secret = '0123456789abcdeffedcba98765432100f1e2d3c4b5a69788796a5b4c3d2e1f0';

/** The key ring of all stores in these tests. */
export const keyRing = () => loadKeyRing({ single: secret });

/** Does to a store what people do: projects, reference data, keys, and builds in every condition. */
export async function fill(store: StateStore, builds = 3): Promise<readonly string[]> {
  const crypto = createNodeCrypto(await keyRing());
  const ids = createIds();
  const tracker = createTracker({ store, clock: systemClock, ids, crypto });
  const actor = { id: 'tester', scopes: ['read', 'write', 'admin'], projectId: null } as const;
  const call = async <K extends OperationName>(name: K, input: RawInput) =>
    (await tracker.perform(name, input, { actor })).body;
  await call('createProject', { body: { name: 'linux', settings: { a: 1 } } });
  await call('createProject', { body: { name: 'gone' } });
  await call('deleteProject', { params: { project_id: 'gone' } });
  const linux = { project_id: 'linux' };
  await call('putStateCode', { params: { ...linux, state_code: '42' }, body: { name: 'between' } });
  await call('putRetryPolicy', {
    params: { ...linux, state_code: 'default' },
    body: { preset: 'immediate' },
  });
  await call('putResumableState', { params: { ...linux, state_code: '20' }, body: { is_resumable: true } });
  await store.saveToken(makeToken({ id: 'a1b2c3d4e5f6', name: 'ci' }));
  const made: string[] = [];
  for (let number = 1; number <= builds; number += 1) {
    const { id: build_id } = await call('createBuild', {
      body: { project: 'linux', platform: `aws-${number % 2}` },
    });
    made.push(build_id);
    const report = (body: object) =>
      call('recordState', { params: { build_id }, body: { event_id: ids.uuid(), ...body } });
    await report({
      state: 10,
      status: 'completed',
      artifact_storage_type: 's3',
      artifact_storage_path: 's3://a',
    });
    const artifact = { artifact_type: 'disk_image', storage_backend: 's3', checksum: 'ab'.repeat(32) };
    const place = { ...artifact, state_code: 10, artifact_path: 's3://images/a' };
    const { id: parent } = await call('registerArtifact', {
      params: { build_id },
      body: { ...place, artifact_name: 'base' },
    });
    const { id: child } = await call('registerArtifact', {
      params: { build_id },
      body: { ...place, artifact_name: 'hardened', parents: [parent] },
    });
    await call('promoteArtifact', { params: { build_id, artifact_id: child }, body: { reason: 'tested' } });
    await call('linkJob', { params: { build_id }, body: { platform: 'jenkins' } });
    await call('setVariable', {
      params: { build_id },
      body: { variable_key: 'password', variable_value: 'canary', is_sensitive: true },
    });
    await call('setVariable', { params: { build_id }, body: { variable_key: 'a', variable_value: '1' } });
    await call('setVariable', { params: { build_id }, body: { variable_key: 'a', variable_value: '2' } });
    await report({ state: 20, status: 'started' });
    if (number % 3 === 1) await report({ state: 20, status: 'failed', error_message: 'broken' });
    if (number % 3 === 1) await call('requestResume', { params: { build_id } });
    if (number % 3 === 2) await call('deleteBuild', { params: { build_id } });
  }
  return made;
}
