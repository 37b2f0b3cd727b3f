import { expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, build } = withServer();

test('unpins an artifact, which can be deleted then', async () => {
  const id = await build();
  const register = ['artifact', 'register', id, '--path', 'ami-1', '--backend', 'aws_ami', '--state', '10'];
  await cli([...register, '--name', 'golden', '--type', 'ami']);
  await cli(['artifact', 'pin', id, 'golden']);
  expect((await cli(['artifact', 'unpin', id, 'golden', '--json'])).json).toMatchObject({ pinned_at: null });
  expect((await cli(['artifact', 'delete', id, 'golden'])).code).toBe(0);
});
