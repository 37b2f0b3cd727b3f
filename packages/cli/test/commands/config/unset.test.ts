import { expect, test } from 'vitest';
import { cliIn, temporaryFolder } from '../../support/cli.ts';

test('forgets one setting and keeps the others', async () => {
  const cli = cliIn(temporaryFolder());
  await cli(['config', 'set', 'project', 'linux']);
  await cli(['config', 'set-url', 'http://localhost:1']);
  expect((await cli(['config', 'unset', 'tracker'])).stdout).toBe('Unset tracker.\n');
  expect((await cli(['config', 'show', '--json'])).json).toMatchObject({
    tracker_source: 'default',
    project: 'linux',
  });
});
