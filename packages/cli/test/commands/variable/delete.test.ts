import { expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, build } = withServer();

test('deletes a variable', async () => {
  const id = await build();
  await cli(['variable', 'set', id, 'region=x']);
  expect(await cli(['variable', 'delete', id, 'region'])).toMatchObject({
    code: 0,
    stdout: 'Deleted the variable region.\n',
  });
  expect((await cli(['variable', 'get', id, 'region'])).code).toBe(3);
  expect((await cli(['variable', 'delete'])).code).toBe(2);
});
