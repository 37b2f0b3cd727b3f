import { expect, test } from 'vitest';
import { cliIn, temporaryFolder } from '../../support/cli.ts';

test('prints the value alone', async () => {
  const cli = cliIn(temporaryFolder());
  await cli(['config', 'set', 'project', 'linux']);
  expect((await cli(['config', 'get', 'project'])).stdout).toBe('linux\n');
  expect((await cli(['config', 'get', 'project', '--json'])).json).toEqual({ project: 'linux' });
});

test('says what to do when it is not set', async () => {
  const { code, stderr } = await cliIn(temporaryFolder())(['config', 'get', 'project']);
  expect(code).toBe(2);
  expect(stderr).toBe('Error: project is not set.\nTry: bldst config set --help\n');
});
