import { createMemoryStore } from '@buildstate/state-stores/memory';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type OpenTracker, openTracker } from './open-tracker.ts';

const store = createMemoryStore();
let opened: OpenTracker;
beforeAll(async () => {
  opened = await openTracker(() => store);
});
afterAll(() => opened.remove());

async function made(name: string) {
  return (await opened.door.call('createProject', { body: { name } })).body;
}

/** Makes one project the parent of another, as a change does that does not see another one at the same time. */
async function adopt(id: string, parentProjectId: string): Promise<void> {
  const project = await store.loadProject({ id });
  if (project === undefined) throw new Error(`no project ${id}`);
  const { revision } = project;
  expect(await store.saveProject({ ...project, parentProjectId, revision: revision + 1 }, revision)).toBe(
    true,
  );
}

it('comes to an end over parents that two changes at once made a circle of, and says how to open it', async () => {
  const [one, other] = [await made('one'), await made('other')];
  await adopt(one.id, other.id);
  await adopt(other.id, one.id);
  const below = (parentProjectId: string) =>
    opened.door.call('createProject', { body: { name: 'below', parentProjectId } });
  await expect(below(one.id)).rejects.toMatchObject({
    code: 'validation_failed',
    message: expect.stringContaining(one.id),
  });
  await opened.door.call('updateProject', { params: { projectId: one.id }, body: { parentProjectId: null } });
  expect((await below(other.id)).body.parentProjectId).toBe(other.id);
});

it('does not become another version by a deletion that finds nothing to do', async () => {
  const { id: projectId } = await made('twice');
  const params = { projectId };
  const state = { projectId, stateCode: '40' };
  const tag = async () => (await opened.door.call('getProject', { params })).etag;
  await opened.door.call('deprecateStateCode', { params: state });
  await opened.door.call('deleteProject', { params });
  const before = await tag();
  await opened.door.call('deprecateStateCode', { params: state });
  await opened.door.call('deleteProject', { params });
  const absent = opened.door.call('deleteResumableState', { params: { projectId, stateCode: '77' } });
  await expect(absent).rejects.toMatchObject({ code: 'not_found' });
  expect(await tag()).toBe(before);
});

it('tags a retry policy that was set, so that it can be changed as it was seen', async () => {
  const { id: projectId } = await made('policies');
  const params = { projectId, stateCode: '10' };
  expect((await opened.door.call('getRetryPolicy', { params })).etag).toBeUndefined();
  await opened.door.call('putRetryPolicy', { params, body: { maxAttempts: 7 } });
  const { etag = '' } = await opened.door.call('getRetryPolicy', { params });
  const put = (maxAttempts: number) =>
    opened.door.call('putRetryPolicy', { params, body: { maxAttempts } }, { ifMatch: [etag] });
  await put(8);
  await expect(put(9)).rejects.toMatchObject({ code: 'precondition_failed' });
});
