import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Door, StateStore } from '@buildstate/core';
import { expect } from 'vitest';
import { checkStore, writeArchiveFile } from '../../src/moving/index.ts';
import { openTracker } from '../door/open-tracker.ts';
import { keyRing } from '../moving/places.ts';

const key = '0123456789abcdeffedcba98765432100f1e2d3c4b5a69788796a5b4c3d2e1f0';

/** A name that nothing else holds, and the person who has it. */
export const newCanary = (): string => `canary${randomUUID().replaceAll('-', '')}`;

/** Everything that somebody can do under a name, with and without keys of requests. */
async function work(door: Door, user: string): Promise<void> {
  const name = `${user}@buildhost`;
  const once = () => ({ idempotencyKey: randomUUID() });
  const who = { reportedBy: name };
  const { body: project } = await door.call('createProject', { body: { name: 'linux' } }, once());
  const job = { platform: 'jenkins', triggeredBy: name };
  const made = { project: project.name, createdBy: name, job };
  for (const number of ['1', '2', '3']) {
    const { body: build } = await door.call(
      'createBuild',
      { body: { ...made, buildNumber: number } },
      once(),
    );
    const params = { buildId: build.id };
    const identity = { host: 'buildhost', user, pid: 7 };
    const taken = await door.call('acquireLease', { params, body: { holder: name, identity } }, once());
    const leaseToken = taken.body.token;
    for (const state of [10, 20, 30]) {
      const report = { state, ...who, leaseToken, eventId: randomUUID() };
      await door.call('recordState', { params, body: { ...report, status: 'started' } });
      await door.call('recordState', { params, body: { ...report, eventId: randomUUID() } }, once());
    }
    const artifact = { stateCode: 30, artifactName: 'disk', artifactType: 'image', leaseToken };
    const place = { artifactPath: 's3://b/disk', storageBackend: 's3' };
    const { body: disk } = await door.call('registerArtifact', { params, body: { ...artifact, ...place } });
    const promoted = { params: { ...params, artifactId: disk.id }, body: { promotedBy: name } };
    await door.call('promoteArtifact', promoted, once());
    await door.call('releaseLease', { params, query: { token: String(leaseToken) } });
    await door.call('recordState', {
      params,
      body: { state: 40, status: 'failed', errorMessage: 'x', ...who },
    });
    await door.call('requestResume', { params, body: { requestedBy: name } }, once());
    await door.call('rollbackBuild', { params, body: { targetState: 20, reason: 'again', ...who } }, once());
    await door.call('cancelBuild', { params, body: { reason: 'enough', ...who } }, once());
  }
  const body = { name: 'pipeline', scopes: ['read'] as const };
  await door.call('createToken', { params: { userId: 'me' }, body: { ...body, scopes: ['read'] } }, once());
}

/** Whether a file below a folder holds a text. */
export async function filesHold(folder: string, text: string): Promise<boolean> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (entry.name.includes(text)) return true;
    if (!entry.isFile()) continue;
    if ((await readFile(join(entry.parentPath, entry.name))).includes(text)) return true;
  }
  return false;
}

/** A store, and a way to look below its records. */
export interface Looked {
  /** The store, not open yet. */
  readonly store: StateStore;
  /** Where archives may be put. */
  readonly folder: string;
  /** Whether the medium holds a text. */
  holds(text: string): Promise<boolean>;
}

/** Somebody works, is forgotten, and is nowhere any more, in the store or in what is made from it. */
export async function expectForgotten({ store, folder, holds }: Looked): Promise<void> {
  const user = newCanary();
  const name = `${user}@buildhost`;
  const tracker = await openTracker(() => store, { key });
  const scopes = ['read', 'write', 'admin'] as const;
  const door = await tracker.as({ id: name, scopes, projectId: null });
  await work(door, user);
  expect(await holds(user)).toBe(true);
  const { body: erasure } = await tracker.door.call('eraseUser', { params: { userId: '-' }, body: { name } });
  expect(erasure).toMatchObject({ users: [expect.stringMatching(/^erased-/)], keys: [expect.any(String)] });
  expect(await holds(user)).toBe(false);
  const archive = join(folder, 'after.ndjson');
  await writeArchiveFile(store, archive);
  const text = await readFile(archive, 'utf8');
  expect(text).not.toContain(user);
  expect(text).toContain('"erased_by":"actor-');
  for await (const problem of checkStore(store, { keyRing: await keyRing() }))
    expect(problem).toBeUndefined();
  const { body: builds } = await tracker.door.call('listBuilds', { query: { projectId: 'linux' } });
  for (const { id, createdBy } of builds) {
    expect(createdBy).toBe(erasure.users[0]);
    const { body: chain } = await tracker.door.call('verifyEvents', { params: { buildId: id } });
    expect(chain.problem).toBeNull();
    expect(chain.signedSeq).toBeGreaterThan(0);
  }
}
