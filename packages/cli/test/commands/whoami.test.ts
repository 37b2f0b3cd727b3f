import { expect, test } from 'vitest';
import { withServer } from '../support/server.ts';

test.each([
  ['readonly-key-888', ['read']],
  ['dev-key-12345', ['read', 'write']],
  ['admin-key-99999', ['read', 'write', 'admin']],
])('%s may %j', async (key, scopes) => {
  const { cli } = withServer(key);
  expect((await cli(['whoami', '--json'])).json).toMatchObject({ scopes, project_id: null });
  const { stdout } = await cli(['whoami']);
  expect(stdout).toContain(`May:         ${scopes.join(', ')}\n`);
  expect(stdout).not.toContain(key);
});

test('no key, and a wrong one, end with 5', async () => {
  for (const key of [undefined, 'wrong']) {
    const { code, stderr } = await withServer().cli(['whoami'], { env: { BLDST_API_KEY: key } });
    expect(code).toBe(5);
    expect(stderr).toContain('Try: bldst auth set-key\n');
  }
});
