import { expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, build } = withServer();

async function parent(): Promise<string> {
  const id = await build();
  for (const state of ['25', '50']) await cli(['build', 'add-state', id, '--state', state]);
  return id;
}

test('forks a branch that begins after the last completed state, once', async () => {
  const id = await parent();
  const line = ['build', 'branch', id, 'eu-west-1', '--until', 'release-approval', '--json'];
  const first = (await cli(line)).json;
  expect(first).toMatchObject({ branch_key: 'eu-west-1', current_state: 50, branch_until: 90 });
  expect((await cli(line)).json.id).toBe(first.id);
  const other = await cli(['build', 'branch', id, 'eu-west-1', '--until', '95']);
  expect(other.code).toBe(4);
  expect(other.stderr).toContain('forked with other parameters');
});

test('a parent that waits says for whom, and how to go on without', async () => {
  const id = await parent();
  const { json: branch } = await cli(['build', 'branch', id, 'eu', '--until', '90', '--json']);
  await cli(['build', 'cancel', branch.id]);
  const early = await cli(['build', 'add-state', id, '--state', '100']);
  expect(early.code).toBe(4);
  expect(early.stderr).toContain('--let-go');
  expect((await cli(['build', 'get', id])).stdout).toMatch(/Waits for: +eu \(cancelled at state 50\)/);
  const free = await cli(['build', 'branch', id, 'eu', '--let-go', '--json']);
  expect(free.json).toMatchObject({ id, blocked_by: [] });
  expect((await cli(['build', 'add-state', id, '--state', '100'])).code).toBe(0);
});

test('shows what a branch inherits, marked by its build', async () => {
  const id = await parent();
  const words = ['--name', 'base', '--type', 'disk_image', '--path', 's3://images/base', '--backend', 's3'];
  await cli(['artifact', 'create', id, ...words, '--state', '25']);
  const { json: branch } = await cli(['build', 'branch', id, 'eu', '--json']);
  expect((await cli(['artifact', 'list', branch.id, '--json'])).json).toEqual([]);
  const inherited = await cli(['artifact', 'list', branch.id, '--inherited', '--json']);
  expect(inherited.json).toMatchObject([{ artifact_name: 'base', build_id: id }]);
});

test('needs a key', async () => {
  expect((await cli(['build', 'branch'])).code).toBe(2);
});
