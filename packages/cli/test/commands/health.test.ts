import { expect, test } from 'vitest';
import { withServer } from '../support/server.ts';

const { cli } = withServer();

test('a server that can be used ends with 0', async () => {
  const { code, stdout } = await cli(['health']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+ is ok\.\n$/);
  expect((await cli(['health', '--json'])).json).toMatchObject({ status: 'ok' });
});

test('one that does not answer ends with 7', async () => {
  const { code, stderr, stdout } = await cli(['health', '--tracker', 'http://127.0.0.1:9']);
  expect(code).toBe(7);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^Error: .*127\.0\.0\.1:9/);
});

test('the local store can be used without any server', async () => {
  expect((await cli(['health'], { env: { BLDST_TRACKER: undefined } })).code).toBe(0);
});
