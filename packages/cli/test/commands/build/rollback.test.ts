import { expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, build } = withServer();

async function advanced(): Promise<string> {
  const id = await build();
  for (const state of ['10', '25', '30']) await cli(['build', 'add-state', id, '--state', state]);
  return id;
}

test('goes back to the completed state before the last', async () => {
  const id = await advanced();
  expect((await cli(['build', 'rollback', id, '--json'])).json).toMatchObject({ current_state: 25 });
});

test('goes back to a state by its code or name, and keeps what was', async () => {
  const id = await advanced();
  const { json } = await cli([
    'build',
    'rollback',
    id,
    '--to',
    'base-image-created',
    '--reason',
    'Wrong mirror',
    '--json',
  ]);
  expect(json).toMatchObject({ current_state: 10, last_successful_state: 10 });
  const history = await cli(['build', 'history', id, '--status', 'rolled_back', '--json']);
  expect(history.json.map((one: { state: number }) => one.state)).toEqual([25, 30]);
});

test('a state that was never completed is a conflict', async () => {
  expect((await cli(['build', 'rollback', await advanced(), '--to', '20'])).code).toBe(4);
});
