import { expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, build } = withServer();

test('gives a build up, which then accepts nothing more', async () => {
  const id = await build();
  const { json } = await cli(['build', 'cancel', id, '--reason', 'Superseded', '--json']);
  expect(json).toMatchObject({ id, status: 'cancelled' });
  const { code } = await cli(['build', 'add-state', id, '--state', '10']);
  expect(code).toBe(4);
});

test('prints no state to go on with', async () => {
  const { stdout } = await cli(['build', 'cancel', await build(), '-o', 'env']);
  expect(stdout).toMatch(/BLDST_STATUS=cancelled\nRESUME_STATE=''\n$/);
});
