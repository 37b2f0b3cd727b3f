import { expect, test } from 'vitest';
import { withServer } from '../support/server.ts';

const { cli, build, project } = withServer();

test('shows how builds stand, with bars, and the newest of them', async () => {
  const platform = `cloud-${project}`;
  await build(['-n', '1', '--platform', platform]);
  await build(['-n', '2', '--platform', platform]);
  await cli(['build', 'fail', `${project}:2`, '--state', '10', '--error', 'Syntax error']);
  const { stdout } = await cli(['dashboard', '--project', project]);
  expect(stdout).toMatch(/^Builds: +2$/m);
  expect(stdout).toMatch(/^Failed: +1$/m);
  expect(stdout).toMatch(/^pending +1 {2}\[#{20}\]$/m);
  expect(stdout).toMatch(new RegExp(`^${platform} +2 {2}\\[#+\\]$`, 'm'));
  expect(stdout).toMatch(/Build #2: State 0/);
  const shown = await cli(['dashboard', '--platform', platform, '--json']);
  expect(shown.json).toMatchObject({ platform, total_builds: 2, failed_builds: 1 });
});

test('of nothing is no error', async () => {
  await cli(['project', 'create', `${project}-empty`]);
  const { code, stdout } = await cli(['dashboard', '--project', `${project}-empty`]);
  expect([code, stdout]).toEqual([0, expect.stringMatching(/No builds\.\n$/)]);
});
