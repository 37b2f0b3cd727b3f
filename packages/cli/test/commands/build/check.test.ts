import { expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, build } = withServer();

test('a completed build ends with 0', async () => {
  const id = await build();
  await cli(['build', 'add-state', id, '--state', '100']);
  const { code, stdout } = await cli(['build', 'check', id]);
  expect(code).toBe(0);
  expect(stdout).not.toContain('RESUME_STATE');
});

test('a failed build ends with 1 and says where it goes on', async () => {
  const id = await build();
  await cli(['build', 'add-state', id, '--state', '30']);
  await cli(['build', 'fail', id, '--state', '35', '--error', 'x']);
  const { code, stdout, stderr } = await cli(['build', 'check', id]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/\nRESUME_STATE=35\n$/);
  expect(stderr).toBe('');
  expect(await cli(['build', 'check', id, '-o', 'env'])).toMatchObject({
    code: 1,
    stdout: `BLDST_BUILD_ID=${id}\nBLDST_STATE=30\nBLDST_STATUS=failed\nRESUME_STATE=35\n`,
  });
  expect((await cli(['build', 'check', id, '--json'])).json).toMatchObject({ id, resume_from_state: 35 });
});

test('a build that somebody works on ends with 4 and says who', async () => {
  const id = await build();
  await cli(['build', 'add-state', id, '--state', '10', '--status', 'started', '--reported-by', 'job-7']);
  const open = await cli(['build', 'check', id]);
  expect(open.code).toBe(4);
  expect(open.stdout).toContain('In progress: job-7\n');
  expect(open.stdout).not.toContain('RESUME_STATE');
  const leased = await build();
  await cli(['build', 'lease', leased, '--holder', 'nightly']);
  expect(await cli(['build', 'check', leased])).toMatchObject({
    code: 4,
    stdout: expect.stringContaining('nightly'),
  });
});

test('a build that waits for its next state ends with 1 as well', async () => {
  const id = await build();
  await cli(['build', 'add-state', id, '--state', '10']);
  const { code, stdout } = await cli(['build', 'check', id]);
  expect(code).toBe(1);
  expect(stdout).toContain('RESUME_STATE=15\n');
});

test('a cancelled build ends with 1, without a state to go on with', async () => {
  const id = await build();
  await cli(['build', 'cancel', id]);
  const { code, stdout } = await cli(['build', 'check', id]);
  expect(code).toBe(1);
  expect(stdout).not.toContain('RESUME_STATE');
});

test('an unknown build ends with 3', async () => {
  expect((await cli(['build', 'check', 'nobody:1'])).code).toBe(3);
});
