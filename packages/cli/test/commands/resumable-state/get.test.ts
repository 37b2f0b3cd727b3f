import { expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, project } = withServer();

test('shows how a state is resumed', async () => {
  await cli(['project', 'create', project]);
  await cli(['resumable-state', 'create', project, '25', '--strategy', 'skip_to_next']);
  const { stdout } = await cli(['resumable-state', 'get', project, 'security-baseline']);
  expect(stdout).toMatch(/^State: +25\nResumable: +yes\nStrategy: +skip_to_next\n/);
  const { code, stderr } = await cli(['resumable-state', 'get', project, '30']);
  expect(code).toBe(3);
  expect(stderr).toContain('bldst resumable-state list');
});
