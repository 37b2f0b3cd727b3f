import { beforeAll, expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, project, build } = withServer();
let id: string;

beforeAll(async () => {
  id = await build(['-n', '123', '--platform', 'AWS']);
  await cli(['build', 'add-state', id, '--state', '45']);
});

test('finds a build by its id, the beginning of it, and its number', async () => {
  for (const reference of [id, id.slice(0, 30), `${project}:123`]) {
    expect((await cli(['build', 'get', reference, '-o', 'id'])).stdout).toBe(`${id}\n`);
  }
});

test('shows people where it is', async () => {
  const { stdout } = await cli(['build', 'get', id]);
  expect(stdout).toMatch(
    /^AWS Build #123: State 45 - Storage configuration \(45% complete\)\n\[#########-----------\] 45%\n/,
  );
  expect(stdout).toContain(`Id:              ${id}\n`);
});

test('shows programs the JSON of the API, and nothing else', async () => {
  const { json, stderr } = await cli(['build', 'get', id, '--json']);
  expect(json).toMatchObject({ id, current_state: 45, open_attempt: null, last_failure: null, lease: null });
  expect(stderr).toBe('');
});

test('shows scripts where it would go on', async () => {
  const { stdout } = await cli(['build', 'get', id, '-o', 'env']);
  expect(stdout).toBe(`BLDST_BUILD_ID=${id}\nBLDST_STATE=45\nBLDST_STATUS=running\nRESUME_STATE=50\n`);
});

test('an unknown build is not found, with the next command to try', async () => {
  const { code, stderr, stdout } = await cli(['build', 'get', `${project}:none`]);
  expect(code).toBe(3);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^Error: .*none.*\nTry: bldst build list\n$/s);
});

test('where JSON is wanted, an error is JSON as well', async () => {
  const { code, json } = await cli(['build', 'get', `${project}:none`, '--json']);
  expect(code).toBe(3);
  expect(json).toMatchObject({ code: 'not_found', status: 404 });
});
