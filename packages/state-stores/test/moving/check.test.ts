import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StateStore } from '@buildstate/core';
import { openStateStore } from '@buildstate/state-stores';
import { checkStore } from '@buildstate/state-stores/moving';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { addresses, fill, keyRing, newFolder, opened } from './places.ts';

async function problemsOf(store: StateStore): Promise<string[]> {
  const found: string[] = [];
  for await (const problem of checkStore(store, { keyRing: await keyRing() })) found.push(problem);
  return found;
}

test.each(Object.entries(addresses))('nothing is wrong with %s after ordinary use', async (_, address) => {
  const store = await opened(address(await newFolder()));
  await fill(store, 4);
  expect(await problemsOf(store)).toEqual([]);
});

describe('damage in a SQLite file is found', () => {
  const damages: Readonly<Record<string, readonly [sql: string, problem: RegExp]>> = {
    'an event changed': ['update build_events set data = \'{"x":1}\' where seq = 2', /event 2 was changed/],
    'an event gone': ['delete from build_events where seq = 3', /event 4 follows 2/],
    'the end of the chain gone': [
      'delete from build_events where position in (select max(position) from build_events group by build_id)',
      /is missing; the chain ends with/,
    ],
    'an attempt gone': ['delete from build_states where state = 10', /counts 2 attempts, and there are 1/],
    'an attempt changed': [
      "update build_states set status = 'completed' where status = 'in_progress'",
      /is completed, and the head has it as open/,
    ],
    'a state record changed': [
      'update build_state_records set attempts = 7 where state = 10',
      /the head has 7 attempts of state 10, and the last one there is number 1/,
    ],
    'the position changed': [
      'update builds set last_successful_state = 60, current_state = 60',
      /the last successful state is 60 by the head, and 10 by its states/,
    ],
    'a status that does not fit': [
      "update builds set status = 'running' where status = 'failed'",
      /is running, and failed at state 20/,
    ],
    'a variable changed': [
      'update build_variables set variable_value = replace(variable_value, \'"keyId":"\', \'"keyId":"x\') where is_sensitive',
      /variable password: .*not in the key ring/,
    ],
    'a variable gone': [
      'delete from build_variables where is_sensitive',
      /counts 1 sensitiveVariables, and there are 0/,
    ],
    'an answer changed': [
      "update reports set answer = '[]'",
      /the answer to report .* is not one that was ever given/,
    ],
    'an answer about an attempt that is not there': [
      "update build_states set id = 'other' where state = 10",
      /attempt .*, which report .* made, is missing/,
    ],
    'a project gone': [
      "pragma foreign_keys = off; delete from projects where name = 'linux'",
      /its project .* is missing|a row of builds points to a row of projects that is not there/,
    ],
    'a platform gone': ['delete from platforms', /the entry .* of platforms that it names is missing/],
    'JSON that is none': ["update builds set head = '{'", /it cannot be read/],
  };
  test.each(Object.entries(damages))('%s', async (_, [sql, problem]) => {
    const folder = await newFolder();
    const address = `sqlite://${folder}/builds.db`;
    const store = await openStateStore(address);
    await fill(store);
    await store.close();
    const database = new Database(join(folder, 'builds.db'));
    database.exec(sql);
    database.close();
    const problems = await problemsOf(await opened(address));
    expect(problems.join('\n')).toMatch(problem);
  });

  test('a byte flipped', async () => {
    const folder = await newFolder();
    const path = join(folder, 'builds.db');
    const store = await openStateStore(`sqlite://${path}`);
    await fill(store, 8);
    await store.close();
    const bytes = await readFile(path);
    const at = bytes.lastIndexOf('state.failed');
    expect(at).toBeGreaterThan(0);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    await writeFile(path, bytes);
    expect((await problemsOf(await opened(`sqlite://${path}`))).join('\n')).toMatch(/was changed/);
  });

  test('a page overwritten', async () => {
    const folder = await newFolder();
    const path = join(folder, 'builds.db');
    const store = await openStateStore(`sqlite://${path}`);
    await fill(store, 8);
    await store.close();
    const bytes = await readFile(path);
    // The page that holds the events of the last build.
    const page = Math.floor(bytes.lastIndexOf('state.failed') / 4096) * 4096;
    bytes.fill(0xff, page, page + 4096);
    await writeFile(path, bytes);
    const problems = await problemsOf(await opened(`sqlite://${path}`));
    expect(problems.length).toBeGreaterThan(0);
  });
});

describe('damage in files is found', () => {
  async function damaged(change: (text: string) => string | undefined): Promise<string[]> {
    const folder = await newFolder();
    const store = await openStateStore(`file://${folder}`);
    await fill(store);
    await store.close();
    const names = await readdir(folder, { recursive: true, withFileTypes: true });
    let changes = 0;
    for (const entry of names.filter((name) => name.isFile())) {
      const path = join(entry.parentPath, entry.name);
      if (!path.includes('heads')) continue;
      const text = await readFile(path, 'utf8');
      const next = change(text);
      if (next === undefined || next === text) continue;
      await writeFile(path, next);
      changes += 1;
    }
    expect(changes).toBeGreaterThan(0);
    return problemsOf(await opened(`file://${folder}`));
  }

  test('an event that was changed', async () => {
    const problems = await damaged((text) => text.replace('"build_number":"1"', '"build_number":"9"'));
    expect(problems.join('\n')).toMatch(/event 1 was changed/);
  });

  test('a head that is cut off', async () => {
    const problems = await damaged((text) => (text.includes('"broken"') ? text.slice(0, -100) : undefined));
    expect(problems.join('\n')).toMatch(/cannot be read/);
  });

  test('a number that was changed', async () => {
    const problems = await damaged((text) =>
      text.replace('"lastSuccessfulState":10', '"lastSuccessfulState":15'),
    );
    expect(problems.join('\n')).toMatch(/the last successful state is 15 by the head, and 10 by its states/);
  });
});
