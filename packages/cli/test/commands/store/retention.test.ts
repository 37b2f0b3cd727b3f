import { expect, test } from 'vitest';
import { withLocalStore } from '../../support/local-store.ts';

const { cli, store } = await withLocalStore();
const at = { BLDST_RETENTION_FULL_DAYS: '0', BLDST_RETENTION_SNAPSHOT_DAYS: '0' };

test('says what would go and why, and lets nothing go', async () => {
  expect((await cli(['store', 'retention', store])).stdout).toBe('No history has had its time.\n');
  const { code, stdout } = await cli(['store', 'retention', store], { env: at });
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^Build +Ended +Goes +Rows +Why\nlinux:3 +\d+s ago +history +\d+ +all of it is kept for 0 days\n$/,
  );
  expect((await cli(['store', 'retention', store], { env: at })).stdout.split('\n')).toHaveLength(3);
});

test('what it says is what maintain does; the store is whole, and builds that can go on are as they were', async () => {
  const before = await cli(['build', 'history', 'linux:1', '--tracker', store, '--json']);
  const { json } = await cli(['store', 'retention', store, '--json'], { env: at });
  expect(json.builds).toMatchObject([
    { build: 'linux:3', keeps: 'snapshots', goes: true, rows: { attempts: 2 } },
  ]);
  const done = await cli(['store', 'maintain', store, '--only', 'retention', '--json'], { env: at });
  expect(done.json.duties).toMatchObject([
    { result: 'done', duty: { detail: expect.stringMatching(/^1 histor/) } },
  ]);
  expect((await cli(['store', 'verify', store])).stdout).toBe('3 builds verified: nothing is wrong.\n');
  expect((await cli(['build', 'history', 'linux:1', '--tracker', store, '--json'])).json).toEqual(
    before.json,
  );
  const trimmed = await cli(['build', 'get', 'linux:3', '--tracker', store, '--json']);
  expect(trimmed.json).toMatchObject({ status: 'cancelled', history: 'none' });
});

test('a setting that is no number of days is named', async () => {
  const env = { BLDST_RETENTION_FULL_DAYS: 'soon' };
  const { code, stderr } = await cli(['store', 'retention', store], { env });
  expect(code).not.toBe(0);
  expect(stderr).toMatch(/BLDST_RETENTION_FULL_DAYS must be a whole number of days/);
});
