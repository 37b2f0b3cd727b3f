import { beforeAll, expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, build } = withServer();
let id: string;

beforeAll(async () => {
  id = await build();
  await cli(['build', 'fail', id, '--state', '15', '--error', 'Connection timed out', '--code', 'E1']);
  await cli(['build', 'add-state', id, '--state', '15']);
  await cli(['build', 'fail', id, '--state', '20', '--error', 'Syntax error', '--component', 'ansible']);
});

test('lists what went wrong and whether it is resolved', async () => {
  const lines = (await cli(['build', 'failures', id])).stdout.trimEnd().split('\n');
  expect(lines[0]).toMatch(/^State +Category +Component +Code +Resolved +When +Error$/);
  expect(lines[1]).toMatch(/^ +15 +transient .* E1 +yes .* Connection timed out$/);
  expect(lines[2]).toMatch(/^ +20 .* ansible +- +no .* Syntax error$/);
});

test('filters by state', async () => {
  const { json } = await cli(['build', 'failures', id, '--state', '20', '--json']);
  expect(json).toHaveLength(1);
  expect(json[0]).toMatchObject({ state: 20, component: 'ansible', resolved: false });
});

test('a build without any says so', async () => {
  expect((await cli(['build', 'failures', await build()])).stdout).toBe('No failures.\n');
});
