import { expect, test } from 'vitest';
import { withLocalStore } from '../../support/local-store.ts';

const { cli, store } = await withLocalStore();
const retention = (...words: string[]) =>
  cli(['project', 'retention', 'linux', '--tracker', store, ...words]);

test('shows what holds, sets it for the project, and gives it back to the store', async () => {
  const first = await retention();
  expect(first.code).toBe(0);
  expect(first.stdout).toMatch(/Full history: +30 days.*\nWeekly snapshots: +365 days.*\nSet by: +the store/);
  const set = await retention('--full-days', '90', '--json');
  expect(set.json).toEqual({ full_history_days: 90, snapshot_days: 365, inherited: false });
  expect((await retention('--snapshot-days', '0', '--json')).json).toMatchObject({
    snapshot_days: 0,
    full_history_days: 90,
  });
  expect((await retention('--unset', '--json')).json).toMatchObject({
    inherited: true,
    full_history_days: 30,
  });
});

test('refuses what is no number of days', async () => {
  expect((await retention('--full-days', '-1')).code).toBe(2);
  expect((await retention('--full-days', '40000')).code).toBe(2);
});
