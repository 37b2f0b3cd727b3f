import { expect, test } from 'vitest';
import { cliIn, temporaryFolder } from '../../support/cli.ts';

test('keeps a setting for later commands', async () => {
  const cli = cliIn(temporaryFolder());
  expect((await cli(['config', 'set', 'output', 'json'])).stdout).toBe('Set output to json.\n');
  expect((await cli(['config', 'show'])).json).toMatchObject({ output: 'json' });
});

test('keeps the other settings', async () => {
  const cli = cliIn(temporaryFolder());
  await cli(['config', 'set', 'project', 'linux']);
  await cli(['config', 'set', 'tracker', 'http://localhost:8080']);
  expect((await cli(['config', 'show', '--json'])).json).toMatchObject({
    project: 'linux',
    tracker: 'http://localhost:8080',
  });
});

test.each([
  [['trakcer', 'http://x'], /Did you mean tracker/],
  [['output', 'xml'], /output must be one of table, json/],
  [['tracker', 'builds.example.com'], /is not the URL of a tracker/],
  [['tracker', 'http://'], /is not a valid URL/],
])('refuses %j', async (words, message) => {
  const cli = cliIn(temporaryFolder());
  const { code, stderr, stdout } = await cli(['config', 'set', ...words]);
  expect(code).toBe(2);
  expect(stderr).toMatch(message);
  expect(stdout).toBe('');
  expect((await cli(['config', 'show', '--json'])).json).toMatchObject({
    tracker_source: 'default',
    output: null,
  });
});
