import { expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, project } = withServer();

test('removes the configuration of a state', async () => {
  await cli(['project', 'create', project]);
  await cli(['resumable-state', 'create', project, '25']);
  expect((await cli(['resumable-state', 'delete', project, '25', '--json'])).json).toEqual({
    id: '25',
    deleted: true,
  });
  expect((await cli(['resumable-state', 'list', project, '--json'])).json).toEqual([]);
});
