import { expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, project } = withServer();

test('changes what is named and nothing else', async () => {
  await cli(['project', 'create', project]);
  await cli(['resumable-state', 'create', project, '25', '--command', './resume.sh']);
  const { json } = await cli(['resumable-state', 'update', project, '25', '--no-resumable', '--json']);
  expect(json).toMatchObject({ is_resumable: false, resume_command: './resume.sh' });
  expect((await cli(['resumable-state', 'update', project, '25'])).stderr).toMatch(
    /Say what is to be changed/,
  );
});
