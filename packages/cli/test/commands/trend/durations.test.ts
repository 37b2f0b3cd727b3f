import { expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, build, project } = withServer();

test('shows how long states take', async () => {
  const id = await build();
  await cli(['build', 'add-state', id, '--state', '5', '--status', 'started']);
  await cli(['build', 'add-state', id, '--state', '5']);
  await cli(['build', 'add-state', id, '--state', '10']);
  const lines = (await cli(['trend', 'durations', '--project', project])).stdout.trimEnd().split('\n');
  expect(lines[0]).toMatch(/^Project +State +Attempts +Median +90% +Slowest +By day$/);
  expect(lines[1]).toMatch(new RegExp(`^${project} +5 kickstart +1 +\\d+s +\\d+s`));
  expect(lines).toHaveLength(2);
  const words = ['trend', 'durations', '--project', project, '--state', '10', '--period', '24h'];
  expect((await cli(words)).stdout).toBe('No completed attempts with a known start in the last 24h.\n');
});

test('refuses a period that is none', async () => {
  const { code, stderr } = await cli(['trend', 'durations', '--period', 'soon']);
  expect(code).toBe(2);
  expect(stderr).toMatch(/period must be a number of hours, days or weeks/);
});
