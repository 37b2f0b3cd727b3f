import { expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, project } = withServer();

test('lists what a project has configured, by state', async () => {
  await cli(['project', 'create', project]);
  expect((await cli(['resumable-state', 'list', project])).stdout).toBe(
    'No state has a configuration of its own.\n',
  );
  for (const state of ['30', '10']) await cli(['resumable-state', 'create', project, state]);
  expect((await cli(['resumable-state', 'list', project, '-o', 'id'])).stdout).toBe('10\n30\n');
  expect((await cli(['resumable-states', 'list', '-p', project])).stdout).toMatch(
    /^State +Resumable +Strategy/,
  );
});
