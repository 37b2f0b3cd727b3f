import { expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, build } = withServer();

test('records a failure and says whether it is tried again', async () => {
  const id = await build();
  const { code, stdout } = await cli([
    'build',
    'fail',
    id,
    '--state',
    '35',
    '--error',
    'Connection timed out',
  ]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^State 35 - runtime-prerequisites: failed, attempt 1\n/);
  expect(stdout).toMatch(/Retry: +again \S+ \(in \d+s\); attempt 1 of 3/);
});

test.each(['record-failure', 'add-failure'])('is also called %s', async (name) => {
  const id = await build();
  const { json } = await cli([
    'build',
    name,
    id,
    '--state',
    '5',
    '--error',
    'x',
    '--component',
    'packer',
    '--json',
  ]);
  expect(json).toMatchObject({ state: 5, status: 'failed', component: 'packer', build_status: 'failed' });
});

test('--retryable and --not-retryable decide, and not both', async () => {
  const id = await build();
  const words = ['build', 'fail', id, '--state', '5', '--error', 'odd'];
  const { json } = await cli([
    ...words,
    '--not-retryable',
    '--code',
    'E7',
    '--error-details',
    '{"a":1}',
    '--json',
  ]);
  expect(json).toMatchObject({ error_code: 'E7', error_details: { a: 1 }, error_category: 'persistent' });
  expect(json.retry_decision.retry).toBe(false);
  expect((await cli([...words, '--retryable', '--not-retryable'])).code).toBe(2);
});

test('fails the current state when none is named', async () => {
  const id = await build();
  await cli(['build', 'add-state', id, '--state', '15', '--status', 'started']);
  expect((await cli(['build', 'fail', id, '--error', 'x', '--json'])).json.state).toBe(15);
});

test('prints what scripts evaluate', async () => {
  const id = await build();
  const { stdout } = await cli(['build', 'fail', id, '--state', '35', '--error', 'x', '-o', 'env']);
  expect(stdout).toBe(`BLDST_BUILD_ID=${id}\nBLDST_STATE=0\nBLDST_STATUS=failed\nRESUME_STATE=35\n`);
});
