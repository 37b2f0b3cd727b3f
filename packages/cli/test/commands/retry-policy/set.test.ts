import { expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, project, build } = withServer();

test('sets the policy of a state, which then decides', async () => {
  const id = await build();
  const words = ['--max-attempts', '4', '--initial-delay', '5m', '--max-delay', '30m', '--multiplier', '1.5'];
  const { json } = await cli(['retry-policy', 'set', project, 'base-image-created', ...words, '--json']);
  expect(json).toMatchObject({
    state_code: 10,
    policy: {
      strategy: 'custom',
      max_attempts: 4,
      initial_delay_seconds: 300,
      max_delay_seconds: 1800,
      multiplier: 1.5,
    },
  });
  const failed = await cli([
    'build',
    'fail',
    id,
    '--state',
    '10',
    '--error',
    'Connection timed out',
    '--json',
  ]);
  expect(failed.json.retry_decision).toMatchObject({ max_attempts: 4, delay_seconds: 300 });
});

test('sets the default of a project from a preset', async () => {
  const words = [
    '--preset',
    'manual',
    '--notify-on',
    'failure',
    '--retry-on',
    'transient',
    '--jitter',
    'full',
  ];
  const { json } = await cli(['retry-policy', 'set', 'default', '--project', project, ...words, '--json']);
  expect(json).toMatchObject({
    state_code: null,
    policy: { notify_on: 'failure', jitter: 'full', retry_on: ['transient'] },
  });
});

test.each([
  [[], /Say how it is to be tried again/],
  [['--multiplier', 'x'], /--multiplier must be a number/],
  [['--max-delay', 'soon'], /--max-delay must be a length of time/],
  [['--max-attempts', '0'], /--max-attempts/],
])('%j are refused', async (words, message) => {
  const { code, stderr } = await cli(['retry-policy', 'set', project, '10', ...words]);
  expect(code).toBe(2);
  expect(stderr).toMatch(message);
});
