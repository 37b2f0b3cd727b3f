import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { withLocalStore } from '../../support/local-store.ts';

const { cli, home, store } = await withLocalStore();

function damage(name: string, sql: string): void {
  const database = new DatabaseSync(join(home, name));
  database.exec(sql);
  database.close();
}

test('a store that is whole is said to be', async () => {
  const { code, stdout } = await cli(['store', 'verify', store]);
  expect(code).toBe(0);
  expect(stdout).toBe('3 builds verified: nothing is wrong.\n');
});

test('damage is one line for each problem, and exit code 6', async () => {
  await cli(['store', 'migrate', store, './damaged.db']);
  damage('damaged.db', "update build_events set type = 'state.skipped' where seq = 2");
  const { code, stdout } = await cli(['store', 'verify', './damaged.db']);
  expect(code).toBe(6);
  expect(stdout.trimEnd().split('\n')).toHaveLength(3);
  expect(stdout).toMatch(/^build [0-9a-f-]{36}: event 2 was changed\n/);
  const { json } = await cli(['store', 'verify', './damaged.db', '--json']);
  expect(json.problems).toHaveLength(3);
});

test('the key ring of the store opens what is sealed; without it that is not looked at', async () => {
  await cli(['store', 'migrate', store, './sealed.db']);
  expect((await cli(['store', 'verify', './sealed.db'])).code).toBe(0);
  const env = { BLDST_KEYRING_FILE: join(home, 'data', 'keyring.json') };
  expect((await cli(['store', 'verify', './sealed.db'], { env })).code).toBe(0);
  damage('sealed.db', "update build_variables set variable_key = 'moved'");
  const { code, stdout } = await cli(['store', 'verify', './sealed.db'], { env });
  expect(code).toBe(6);
  expect(stdout).toMatch(/variable moved: .*was changed, or moved from the record/);
});

test('a file that cannot be opened as a database is damage as well', async () => {
  writeFileSync(join(home, 'garbage.db'), 'x'.repeat(8192));
  const { code, stdout } = await cli(['store', 'verify', './garbage.db']);
  expect(code).toBe(6);
  expect(stdout).toMatch(/garbage\.db is damaged, or not a database/);
});
