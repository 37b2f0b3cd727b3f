import { expect, test } from 'vitest';
import { cliIn, temporaryFolder } from '../../support/cli.ts';
import { fakeTracker, knownCaller } from '../../support/fake-client.ts';

test('says which tracker is used and who says so', async () => {
  const cli = cliIn(temporaryFolder());
  expect((await cli(['config', 'show', '--json'])).json).toMatchObject({
    tracker_source: 'default',
    api_key: null,
  });
  const env = { BLDST_API_URL: 'https://user:secret@builds.example', BLDST_API_KEY: 'k' };
  const { stdout } = await cli(['config', 'show'], { env });
  expect(stdout).toContain('https://builds.example\n');
  expect(stdout).toContain('the environment (BLDST_API_URL)');
  expect(stdout).toContain('BLDST_API_KEY\n');
  expect(stdout).not.toContain('secret');
});

test('says that a key is stored and never shows it', async () => {
  const { open } = fakeTracker(knownCaller);
  const cli = cliIn(temporaryFolder(), { open });
  await cli(['auth', 'set-key', '--key-stdin', '--tracker', 'https://one.example'], { stdin: 'top-secret' });
  const { stdout } = await cli(['config', 'show', '--tracker', 'https://one.example', '--json']);
  expect(JSON.parse(stdout)).toMatchObject({ api_key: 'stored', tracker_source: 'flag' });
  expect(stdout).not.toContain('top-secret');
});
