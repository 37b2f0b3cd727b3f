import { openStateStore } from '@buildstate/state-stores';
import { expect, test } from 'vitest';
import { withLocalStore } from '../../support/local-store.ts';

const { cli, store } = await withLocalStore();

/** What the command says of each duty, by its name. */
async function maintain(...words: string[]) {
  const { code, json } = await cli(['store', 'maintain', store, '--json', ...words]);
  const duties = new Map<string, { result: string | null; duty: { token: number } | null }>();
  for (const { name, ...rest } of json.duties) duties.set(name, rest);
  return { code, duties };
}

test('says what is due, does it once, and again only when it is due or asked for', async () => {
  const before = await maintain('--dry-run');
  expect(before.duties.get('tidy-store')).toMatchObject({ result: null, duty: null });
  expect(before.duties.get('forget-requests')).toMatchObject({ result: null, duty: null });
  const first = await maintain();
  expect(first.code).toBe(0);
  for (const { result, duty } of first.duties.values()) {
    expect(result).toBe('done');
    expect(duty).toMatchObject({ token: 1, outcome: 'done', held_until: null });
  }
  const second = await maintain();
  for (const { result, duty } of second.duties.values()) {
    expect(result).toBe('waiting');
    expect(duty).toMatchObject({ token: 1 });
  }
  const early = await maintain('--early', '--only', 'tidy-store');
  expect([...early.duties.keys()]).toEqual(['tidy-store']);
  expect(early.duties.get('tidy-store')).toMatchObject({ result: 'done', duty: { token: 2 } });
  const { stdout } = await cli(['store', 'maintain', store, '--dry-run']);
  expect(stdout).toMatch(/^Duty +Now +Next +Last ended +What came of it\n/);
  expect(stdout).toMatch(/\ntidy-store +- +\d{4}-\S+ \(in \d+[dh]\)/);
});

test('leaves what another process is at', async () => {
  const other = await openStateStore(store);
  const held = await other.takeDuty({ name: 'tidy-store', holder: 'server-a', ttlSeconds: 600, early: true });
  expect(held?.holder).toBe('server-a');
  const { duties } = await maintain('--early');
  expect(duties.get('tidy-store')).toMatchObject({ result: 'waiting', duty: { holder: 'server-a' } });
  expect(duties.get('forget-requests')).toMatchObject({ result: 'done' });
  await other.close();
});

test('says which duties there are when one is named that is none', async () => {
  const { code, stderr } = await cli(['store', 'maintain', store, '--only', 'dust']);
  expect(code).toBe(2);
  expect(stderr).toMatch(/There is no duty "dust"\. There are: .*tidy-store/);
});

test('a failure is told, with exit code 1, and the next run waits before it tries again', async () => {
  const broken = await withLocalStore();
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(broken.store.replace('sqlite://', ''));
  database.exec('ALTER TABLE keyed_requests RENAME TO elsewhere');
  database.close();
  const { code, json } = await broken.cli(['store', 'maintain', broken.store, '--json']);
  expect(code).toBe(1);
  const duty = json.duties.find(({ name }: { name: string }) => name === 'forget-requests');
  expect(duty).toMatchObject({ result: 'failed', duty: { outcome: 'failed', failures: 1 } });
  expect(duty.duty.detail).toMatch(/keyed_requests/);
  const again = await broken.cli(['store', 'maintain', broken.store]);
  expect(again.code).toBe(0);
});
