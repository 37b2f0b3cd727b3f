import { expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, build } = withServer();

test('pins an artifact, which is not deleted until it is unpinned', async () => {
  const id = await build();
  const register = ['artifact', 'register', id, '--path', 'ami-1', '--backend', 'aws_ami', '--state', '10'];
  await cli([...register, '--name', 'golden', '--type', 'ami']);
  expect((await cli(['artifact', 'pin', id, 'golden'])).stdout).toMatch(/^Pinned: +\d{4}-/m);
  const refused = await cli(['artifact', 'delete', id, 'golden']);
  expect(refused).toMatchObject({ code: 4, stdout: '' });
  expect(refused.stderr).toMatch(/pinned since .*Unpin it first/);
});
