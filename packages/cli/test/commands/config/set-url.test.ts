import { expect, test } from 'vitest';
import { cliIn, temporaryFolder } from '../../support/cli.ts';

test('makes a server the one that is used', async () => {
  const cli = cliIn(temporaryFolder());
  expect(await cli(['config', 'set-url', 'https://builds.example'])).toMatchObject({
    code: 0,
    stdout: 'Using https://builds.example.\n',
  });
  expect((await cli(['config', 'get', 'tracker'])).stdout).toBe('https://builds.example\n');
});

test('refuses what is no URL, without showing the password in it', async () => {
  const cli = cliIn(temporaryFolder());
  const { code, stderr } = await cli(['config', 'set-url', 'ftp://me:secret@x']);
  expect(code).toBe(2);
  expect(stderr).toContain('"ftp://x" is not the URL of a tracker');
});

test('keeps the path of a store as an absolute one', async () => {
  const home = temporaryFolder();
  const cli = cliIn(home);
  expect((await cli(['config', 'set-url', './builds'])).stdout).toBe(`Using ${home}/builds.\n`);
  expect((await cli(['config', 'set-url', '/var/lib/builds'])).stdout).toBe('Using /var/lib/builds.\n');
});
