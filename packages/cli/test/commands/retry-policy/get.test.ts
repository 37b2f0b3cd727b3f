import { expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, project } = withServer();

test('lists what a project has set, and what holds for a state', async () => {
  await cli(['project', 'create', project]);
  const none = await cli(['retry-policy', 'get', project, '--json']);
  expect(none.json).toEqual([]);
  expect(none.stderr).toMatch(/built-in ones hold/);
  const builtIn = await cli(['retry-policy', 'get', project, '--state', 'base-image-created', '--json']);
  expect(builtIn.json).toMatchObject({ state_code: 10, policy: { strategy: 'immediate', max_attempts: 5 } });
  await cli(['retry-policy', 'set', project, 'default', '--preset', 'backoff']);
  await cli(['retry-policy', 'set', project, '20', '--max-attempts', '7']);
  const { stdout } = await cli(['retry-policy', 'get', project]);
  expect(stdout).toMatch(/^ *State +Strategy +Attempts +Delay +At most/);
  expect(stdout).toMatch(/\ndefault +backoff +3 +5m 0s/);
  expect(stdout).toMatch(/\n +20 +custom +7 /);
  const other = await cli(['retry-policy', 'get', project, '--state', '10', '--json']);
  expect(other.json.policy.strategy).toBe('backoff');
});
