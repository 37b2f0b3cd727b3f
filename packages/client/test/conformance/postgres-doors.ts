import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenDoor } from '@buildstate/conformance';
import type { Door } from '@buildstate/core';
import { startServer } from '@buildstate/server';
import { type LentDatabase, lendDatabase } from '@buildstate/tooling/postgres-shared';
import { connect } from '../../src/index.ts';

type Open = () => Promise<OpenDoor>;

/** Something on an empty database, which is dropped in the end. */
function onDatabase(open: (database: LentDatabase, folder: string) => Promise<OpenDoor>): Open {
  return async () => {
    const database = await lendDatabase();
    const folder = mkdtempSync(join(tmpdir(), 'bldst-doors-'));
    const { door, remove } = await open(database, folder);
    return {
      door,
      async remove() {
        await remove();
        await database.drop();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  };
}

/** Servers over one database, with one key ring and one data folder each; and a door into each of them. */
async function servers(store: string, folder: string, count: number) {
  const running: Awaited<ReturnType<typeof startServer>>[] = [];
  const environment = { BLDST_KEYRING_FILE: join(folder, '1', 'keyring.json') };
  for (let number = 1; number <= count; number += 1) {
    const dataDir = join(folder, String(number));
    const own = { port: 0, dataDir, store, log: { level: 'silent' } } as const;
    running.push(await startServer({ ...own, environment: number === 1 ? {} : environment }));
  }
  const [first] = running;
  const options = { apiKey: first?.generatedKey, transport: 'ky', env: { HOME: folder } } as const;
  const clients = await Promise.all(running.map(({ url }) => connect(url, options)));
  return {
    doors: clients.map(({ door }) => door),
    async close() {
      for (const client of clients) await client.close();
      for (const server of running) await server.close();
    },
  };
}

/** A door that goes through each of some doors in turn. */
function inTurn(doors: readonly Door[]): Door {
  let calls = 0;
  const next = () => {
    calls += 1;
    return doors[calls % doors.length] as Door;
  };
  return {
    uri: doors[0]?.uri ?? '',
    call: (...call) => next().call(...call),
    follow: (...list) => next().follow(...list),
    close: async () => {},
  };
}

const server = (count: number): Open =>
  onDatabase(async ({ url }, folder) => {
    const { doors, close } = await servers(url, folder, count);
    return { door: inTurn(doors), remove: close };
  });

/** Doors with PostgreSQL behind them. */
export const postgresDoors = {
  PostgreSQL: onDatabase(async ({ url }, folder) => {
    const client = await connect(url, { env: { HOME: folder } });
    return { door: client.door, remove: () => client.close() };
  }),
  'a server over PostgreSQL': server(1),
  'two servers over one PostgreSQL': server(2),
} satisfies Record<string, Open>;
