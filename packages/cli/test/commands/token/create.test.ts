import { expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, project, build } = withServer();

test('makes a key that works, and prints it alone', async () => {
  const { code, stdout, stderr } = await cli(['token', 'create', 'ci']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^bldst_[0-9a-f]{16}_[\w-]{43}\n$/);
  expect(stderr).toMatch(/not shown again/);
  expect(stderr).not.toContain(stdout.trim());
  const { json } = await cli(['whoami', '--json'], { env: { BLDST_API_KEY: stdout.trim() } });
  expect(json.scopes).toEqual(['read', 'write']);
});

test('makes a key for one project with one scope and an end', async () => {
  await build();
  const words = ['--name', 'looker', '--scopes', 'read', '--project', project, '--expires', '90d', '--json'];
  const { json } = await cli(['token', 'create', ...words]);
  expect(json).toMatchObject({ name: 'looker', scopes: ['read'], project_id: expect.any(String) });
  expect(Date.parse(json.expires_at)).toBeGreaterThan(Date.now());
  const env = { BLDST_API_KEY: json.key };
  expect((await cli(['build', 'create', '-p', project], { env })).code).toBe(5);
});

test('needs a name, and a key that may make keys', async () => {
  expect((await cli(['token', 'create'])).code).toBe(2);
  expect((await withServer('readonly-key-888').cli(['token', 'create', 'x', '--scope', 'admin'])).code).toBe(
    5,
  );
});
