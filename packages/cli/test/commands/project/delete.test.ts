import { expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, project, build } = withServer();

test('deactivates a project and keeps its builds', async () => {
  const id = await build();
  expect(await cli(['project', 'delete', project])).toMatchObject({
    code: 0,
    stdout: `Deactivated the project ${project}.\n`,
  });
  expect((await cli(['build', 'get', id])).code).toBe(0);
});

test('needs the admin scope', async () => {
  const writer = withServer('dev-key-12345');
  await writer.build();
  expect((await writer.cli(['project', 'delete', writer.project])).code).toBe(5);
});
