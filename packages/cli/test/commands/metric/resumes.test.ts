import { expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, build, project } = withServer();

test('shows what became of resumes', async () => {
  const id = await build();
  await cli(['build', 'add-state', id, '--state', '5', '--status', 'started']);
  await cli(['build', 'add-state', id, '--state', '5']);
  await cli(['build', 'fail', id, '--state', '10', '--error', 'Connection timed out']);
  await cli(['build', 'resume', id]);
  await cli(['build', 'add-state', id, '--state', '10']);
  const { stdout } = await cli(['metric', 'resumes', '--project', project, '--period', '7d']);
  expect(stdout).toMatch(/^Period: +7d$/m);
  expect(stdout).toMatch(/^Resumes asked for: +1, for 1 builds$/m);
  expect(stdout).toMatch(/^Work not done again: +\d+s$/m);
  const { json } = await cli(['metric', 'resumes', '--project', project, '--json']);
  expect(json).toMatchObject({ stats: { requests: 1 }, time_saved: { resumes: 1, attempts_kept: 1 } });
});
