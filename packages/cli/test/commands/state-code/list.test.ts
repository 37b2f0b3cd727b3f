import { expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, project } = withServer();

test('lists the catalogue that a new project starts with', async () => {
  await cli(['project', 'create', project]);
  const lines = (await cli(['state-code', 'list', project])).stdout.trimEnd().split('\n');
  expect(lines).toHaveLength(22);
  expect(lines[0]).toMatch(/^Code +Name +Aliases +Shown as +After +Expected +Marks$/);
  expect(lines[6]).toMatch(/^ +25 +security-baseline +package-installation +Security baseline/);
  expect((await cli(['state-codes', 'list', '--project', project, '-o', 'id'])).stdout).toMatch(
    /^0\n5\n10\n/,
  );
});

test('asks which project', async () => {
  expect((await cli(['state-code', 'list'])).stderr).toMatch(/Which project\?/);
  expect((await cli(['state-code', 'list', 'a', '--project', 'b'])).code).toBe(2);
});
