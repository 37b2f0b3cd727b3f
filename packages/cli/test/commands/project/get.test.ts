import { expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, project } = withServer();

test('shows a project by its name or id', async () => {
  const id = (await cli(['project', 'create', project, '-d', 'For tests', '-o', 'id'])).stdout.trim();
  expect((await cli(['project', 'get', id])).stdout).toMatch(new RegExp(`^Name: +${project}\n`));
  expect((await cli(['project', 'get', project, '--json'])).json.id).toBe(id);
});

test('an unknown one is not found', async () => {
  const { code, stderr } = await cli(['project', 'get', 'nobody']);
  expect(code).toBe(3);
  expect(stderr).toContain('Try: bldst project list\n');
});
