import { expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli } = withServer();

test('lists keys without their secrets', async () => {
  const { json } = await cli(['token', 'create', 'listed', '--json']);
  const { stdout } = await cli(['token', 'list']);
  expect(stdout).toMatch(/^Id +Name +Scopes +Project +Last used +Expires +Revoked\n/);
  expect(stdout).toContain(json.id);
  expect((await cli(['token', 'list', '--json'])).stdout).not.toContain(json.key);
});

test('needs the admin scope', async () => {
  expect((await withServer('dev-key-12345').cli(['token', 'list'])).code).toBe(5);
});
