import { expect, test } from 'vitest';
import { cliIn, temporaryFolder } from '../../support/cli.ts';

const cli = cliIn(temporaryFolder());

test('example command lines are never broken, however long', async () => {
  const { stdout } = await cli(['build', 'history', '--help']);
  expect(stdout).toContain(
    `    $ bldst build history linux:42 --json | jq -r '.[] | select(.state == 10) | .artifact_storage_path'\n`.trimEnd(),
  );
  expect(stdout).not.toMatch(/\\\n/);
});
