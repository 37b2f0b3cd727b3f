import { expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli } = withServer();

test('a revoked key is refused at once', async () => {
  const { json } = await cli(['token', 'create', 'short-lived', '--json']);
  const env = { BLDST_API_KEY: json.key };
  expect((await cli(['whoami'], { env })).code).toBe(0);
  expect((await cli(['token', 'revoke', json.id])).stdout).toBe(`Revoked the key ${json.id}.\n`);
  const refused = await cli(['whoami'], { env });
  expect(refused.code).toBe(5);
  expect(refused.stderr).toContain('Try: bldst auth set-key\n');
});

test('an unknown key is not found', async () => {
  expect((await cli(['token', 'revoke', '0123456789abcdef'])).code).toBe(3);
});
