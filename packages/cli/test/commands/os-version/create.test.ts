import { expect, test } from 'vitest';
import { osVersions } from '../../../src/reference/topics.ts';
import { testCreate } from '../../reference/verbs.ts';
import { succeeded, withServer } from '../../support/server.ts';

testCreate(osVersions);

test('names its distribution by name', async () => {
  const { cli, project } = withServer();
  const made = succeeded(await cli(['os-distribution', 'create', `${project}-d`, '-o', 'id']));
  const { json } = await cli([
    'os-version',
    'create',
    project,
    '--os-distribution',
    `${project}-d`,
    '--json',
  ]);
  expect(json.os_distribution_id).toBe(made.stdout.trim());
});
