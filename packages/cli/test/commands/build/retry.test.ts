import { expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, build } = withServer();

test('clears a failure and keeps the reason', async () => {
  const id = await build();
  await cli(['build', 'fail', id, '--state', '35', '--error', 'x']);
  const { code, json } = await cli(['build', 'retry', id, '--reason', 'Disk enlarged', '--json']);
  expect(code).toBe(0);
  expect(json).toMatchObject({ id, status: 'running' });
  const history = await cli(['build', 'history', id, '--json']);
  expect(history.json.at(-1)).toMatchObject({ status: 'manual_retry', message: 'Disk enlarged' });
});

test('takes the failed state by its name, and no other', async () => {
  const id = await build();
  await cli(['build', 'fail', id, '--state', '35', '--error', 'x']);
  expect((await cli(['build', 'retry', id, '--state', '40'])).code).toBe(4);
  expect((await cli(['build', 'retry', id, '--state', 'runtime-prerequisites'])).code).toBe(0);
});

test('a build that has not failed is a conflict', async () => {
  expect((await cli(['build', 'retry', await build()])).code).toBe(4);
});
