import { expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, project } = withServer();

test('lists active projects, and deactivated ones when asked', async () => {
  await cli(['project', 'create', `${project}-a`]);
  await cli(['project', 'create', `${project}-b`]);
  await cli(['project', 'delete', `${project}-b`]);
  const names = async (...words: string[]) =>
    (await cli(['project', 'list', '--all', '--json', ...words])).json.map(
      (one: { name: string }) => one.name,
    );
  expect(await names()).toContain(`${project}-a`);
  expect(await names()).not.toContain(`${project}-b`);
  expect(await names('--include-deactivated')).toContain(`${project}-b`);
  expect((await cli(['project', 'list', '--all'])).stdout).toMatch(
    /^Id +Name +Artifacts in +Active +Description\n/,
  );
});

test('a list that goes on says so', async () => {
  await cli(['project', 'create', `${project}-c`]);
  const { json, stderr } = await cli(['project', 'list', '--limit', '1', '--json']);
  expect(json).toHaveLength(1);
  expect(stderr).toMatch(/There are more/);
});
