import { expect, test } from 'vitest';
import { parseProblem } from '../../src/errors/parse-problem.ts';
import { cliIn, temporaryFolder } from '../support/cli.ts';

const cli = cliIn(temporaryFolder());

test('a missing flag is named as it is written, without a heading or colours', () => {
  const said =
    'The following error occurred:\n  \u001b[2mMissing required flag state\u001b[22m\nSee more help with --help';
  expect(parseProblem(new Error(said), ['state']).message).toBe('Missing required flag --state.');
});

test('a flag before the command is told where it belongs', async () => {
  const { code, stderr } = await cli(['-o', 'table', 'build', 'list']);
  expect(code).toBe(2);
  expect(stderr).toBe(
    'Error: Flags such as -o come after the command, as in "bldst build list -o json".\nTry: bldst help\n',
  );
});
