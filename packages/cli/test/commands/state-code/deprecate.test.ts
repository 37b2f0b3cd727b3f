import { expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, project } = withServer();

test('marks a state, which stays in the catalogue', async () => {
  await cli(['project', 'create', project]);
  const { json } = await cli(['state-code', 'deprecate', project, 'image-optimisation', '--json']);
  expect(json).toMatchObject({ state_code: 85, deprecated_at: expect.any(String) });
  expect((await cli(['state-code', 'list', project])).stdout).toMatch(
    / 85 +image-optimisation .* deprecated\n/,
  );
});

test('asks which state', async () => {
  expect((await cli(['state-code', 'deprecate'])).stderr).toMatch(/Which state\?/);
});
