import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeStateStore } from '@buildstate/conformance';
import { openSqlite } from '../../src/sqlite/index.ts';

describeStateStore(
  'sqlite::memory:',
  async () => ({
    connect: () => openSqlite('sqlite::memory:'),
    remove: async () => {},
  }),
  { capabilities: { shared: false, durable: false, sql: true, globalStream: true, guardsRecentHeads: true } },
);

describeStateStore(
  'SQLite in one file',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'buildstate-sqlite-'));
    return {
      connect: () => openSqlite(`sqlite://${folder}/state.db`),
      remove: () => rm(folder, { recursive: true }),
    };
  },
  { capabilities: { shared: true, durable: true, sql: true, globalStream: true, guardsRecentHeads: true } },
);

describeStateStore(
  'SQLite in a folder',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'buildstate-sqlite-'));
    return {
      connect: () => openSqlite(`sqlite://${folder}/builds`),
      remove: () => rm(folder, { recursive: true }),
    };
  },
  { capabilities: { shared: true, durable: true, sql: true, globalStream: false } },
);
