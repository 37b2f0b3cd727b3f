import { expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, project, build } = withServer();

test('takes the build that waits longest, with what a shell needs to work on it', async () => {
  const ids = [await build(), await build()];
  const first = await cli(['build', 'claim', '--project', project, '-o', 'env']);
  expect(first).toMatchObject({
    code: 0,
    stdout: `BLDST_BUILD_ID=${ids[0]}\nBLDST_LEASE_TOKEN=1\nBLDST_STATE=0\n`,
  });
  const second = await cli(['build', 'claim', '-p', project, '--holder', 'night', '--ttl', '10m', '--json']);
  expect(second.json).toMatchObject({
    build: { id: ids[1] },
    lease: { token: 1, holder: 'night', ttl_seconds: 600 },
    next_state: 0,
    next_state_name: 'initial',
    reason: 'pending',
  });
});

test('nothing to do is no error, and its variables are empty', async () => {
  const nothing = await cli(['build', 'claim', '-p', project]);
  expect(nothing).toMatchObject({ code: 0, stdout: '', stderr: 'Nothing to do.\n' });
  const variables = await cli(['build', 'claim', '-p', project, '--wait', '1s', '-o', 'env']);
  expect(variables.stdout).toBe("BLDST_BUILD_ID=''\nBLDST_LEASE_TOKEN=''\nBLDST_STATE=''\n");
  expect((await cli(['build', 'claim', '-p', project, '--json'])).json).toBeNull();
});

test('only what this worker can do next', async () => {
  const id = await build();
  await cli(['build', 'add-state', id, '--state', '30']);
  expect((await cli(['build', 'claim', '-p', project, '--states', '0-30,40'])).stdout).toBe('');
  const { stdout } = await cli(['build', 'claim', '-p', project, '--states', '35-70,90']);
  expect(stdout).toContain('35 - runtime-prerequisites');
  expect(stdout).toContain('nobody works at it');
  for (const bad of ['70-35', '101', 'thirty', '5,,10']) {
    const refused = await cli(['build', 'claim', '-p', project, '--states', bad]);
    expect(refused.code, bad).toBe(2);
    expect(refused.stderr).toContain('--states takes state codes');
  }
  expect((await cli(['build', 'claim', '-p', 'no-such-project'])).code).toBe(3);
});
