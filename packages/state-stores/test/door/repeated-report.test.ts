import { createMemoryStore } from '@buildstate/state-stores/memory';
import { expect, it } from 'vitest';
import { openTracker } from './open-tracker.ts';

it('answers a repeated report as of the moment that it was decided, whatever is rolled back meanwhile', async () => {
  const store = createMemoryStore();
  const { door, remove } = await openTracker(() => store);
  const { body: build } = await door.call('createBuild', { body: { project: 'images' } });
  const params = { buildId: build.id };
  for (const state of [5, 10]) await door.call('recordState', { params, body: { state } });

  const loadAttempt = store.loadAttempt.bind(store);
  store.loadAttempt = async (...asked) => {
    await door.call('rollbackBuild', { params, body: { targetState: 5 } });
    return loadAttempt(...asked);
  };
  const { body: repeated } = await door.call('recordState', { params, body: { state: 10 } });
  expect(repeated).toMatchObject({ status: 'completed', currentState: 10, lastSuccessfulState: 10 });
  store.loadAttempt = loadAttempt;
  expect((await door.call('getBuild', { params })).body.currentState).toBe(5);
  await remove();
});
