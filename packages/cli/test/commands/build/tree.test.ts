import { expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, build, project } = withServer();

test('draws the tree with progress, status and what is waited for', async () => {
  const id = await build(['-n', 'tree']);
  await cli(['build', 'add-state', id, '--state', '50']);
  for (const key of ['us', 'eu']) await cli(['build', 'branch', id, key, '--until', '90']);
  await cli(['build', 'add-state', `${project}:tree/us`, '--state', '90']);
  await cli(['build', 'fail', `${project}:tree/eu`, '--state', '60', '--error', 'access denied']);
  await cli(['build', 'branch', `${project}:tree/eu`, 'a', '--until', '60']);
  const { stdout } = await cli(['build', 'tree', `${project}:tree/eu`]);
  expect(stdout.trimEnd().split('\n')).toEqual([
    expect.stringMatching(
      new RegExp(`^${project}:tree +\\[#####-----\\] +50%  running, waits at state 90 for eu  State 50`),
    ),
    expect.stringMatching(
      /^├─ eu +\[#####-----\] +50% {2}failed at state 60, waits at state 60 for a {2}State 50/,
    ),
    expect.stringMatching(/^│ {2}└─ a +\[#####-----\] +50% {2}pending {2}State 50/),
    expect.stringMatching(/^└─ us +\[#########-\] +90% {2}completed {2}State 90 - Release approval$/),
  ]);
  const { json } = await cli(['build', 'tree', id, '--json']);
  expect(json.builds.map(({ depth }: { depth: number }) => depth)).toEqual([0, 1, 2, 1]);
  const compared = await cli(['build', 'compare', '--branches-of', id, '--json']);
  expect(compared.json.builds).toHaveLength(2);
});
