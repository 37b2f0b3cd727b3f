import { expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, build, project } = withServer();

test('shows builds side by side and marks what differs', async () => {
  for (const number of ['good', 'bad']) {
    await build(['-n', number]);
    await cli(['build', 'add-state', `${project}:${number}`, '--state', '5']);
  }
  await cli(['build', 'add-state', `${project}:good`, '--state', '10']);
  await cli(['build', 'fail', `${project}:bad`, '--state', '10', '--error', 'disk full']);
  const words = ['build', 'compare', `${project}:good`, `${project}:bad`];
  const lines = (await cli(words)).stdout.trimEnd().split('\n');
  expect(lines[0]).toMatch(new RegExp(`^State +${project}:good +${project}:bad +Differs in$`));
  expect(lines[1]).toMatch(/^5 kickstart +completed \S+ +completed \S+/);
  expect(lines[2]).toMatch(/^10 base-image-created \* +completed \S+ +failed .*status, message$/);
  expect(lines.at(-1)).toBe('1 of 2 states differ.');
  expect((await cli([...words, '--json'])).json).toMatchObject({ differing_states: 1 });
});

test('needs two builds', async () => {
  const { code, stderr } = await cli(['build', 'compare', `${project}:good`]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/two to ten/);
});
