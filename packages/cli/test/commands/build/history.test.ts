import { beforeAll, expect, test } from 'vitest';
import { withLocalStore } from '../../support/local-store.ts';
import { withServer } from '../../support/server.ts';

const { cli, build } = withServer();
let id: string;

beforeAll(async () => {
  id = await build();
  await cli([
    'build',
    'add-state',
    id,
    '--state',
    '5',
    '--reported-by',
    'job-7',
    '-m',
    'kick\u001b[2Jstarted',
  ]);
  await cli([
    'build',
    'add-state',
    id,
    '--state',
    '10',
    '--storage-type',
    's3',
    '--storage-path',
    's3://b/10',
  ]);
  await cli(['build', 'fail', id, '--state', '15', '--error', 'No such package']);
});

test('lists attempts, oldest first', async () => {
  const lines = (await cli(['build', 'history', id])).stdout.trimEnd().split('\n');
  expect(lines[0]).toMatch(/^State +Name +Attempt +Status +Started +Duration +By +Message$/);
  expect(lines[1]).toMatch(/^ +5 +kickstart +1 +completed .* job-7 +kick\ufffd\[2Jstarted$/);
  expect(lines[3]).toMatch(/^ +15 +base-config +1 +failed .* No such package$/);
});

test('gives programs every attempt, filtered by state and status', async () => {
  const { json } = await cli(['build', 'history', id, '--json']);
  expect(json.map((one: { state: number }) => one.state)).toEqual([5, 10, 15]);
  expect(json[1].artifact_storage_path).toBe('s3://b/10');
  expect((await cli(['build', 'history', id, '--state', 'kickstart', '--json'])).json).toHaveLength(1);
  expect((await cli(['build', 'history', id, '--status', 'failed', '--json'])).json).toHaveLength(1);
});

test('a build of which nothing has been reported has none', async () => {
  expect((await cli(['build', 'history', await build()])).stdout).toBe('Nothing has been reported yet.\n');
});

test('says so when the attempts of a build that ended long ago are gone', async () => {
  const { cli, store } = await withLocalStore();
  await cli(['build', 'create', '-p', 'linux', '-n', '7', '--tracker', store]);
  await cli(['build', 'add-state', 'linux:7', '--state', '10', '--tracker', store]);
  await cli(['build', 'cancel', 'linux:7', '--tracker', store]);
  expect((await cli(['build', 'history', 'linux:7', '--tracker', store])).stderr).toBe('');
  const env = { BLDST_RETENTION_FULL_DAYS: '0' };
  expect((await cli(['store', 'maintain', store, '--only', 'retention'], { env })).code).toBe(0);
  const { code, stderr } = await cli(['build', 'history', 'linux:7', '--tracker', store]);
  expect([code, stderr]).toEqual([
    0,
    'Its attempts are not kept any more. What is left: bldst events list linux:7\n',
  ]);
});
