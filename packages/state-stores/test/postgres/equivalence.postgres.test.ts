import type { Clock, StateStore } from '@buildstate/core';
import { systemClock } from '@buildstate/node-runtime';
import { createMemoryStore } from '@buildstate/state-stores/memory';
import { lendDatabase } from '@buildstate/tooling/postgres-shared';
import fc from 'fast-check';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { connectPostgres } from '../../src/postgres/connect-postgres.ts';
import { postgresDialect } from '../../src/postgres/postgres-dialect.ts';
import { postgresPlace } from '../../src/postgres/postgres-place.ts';
import { resolveOptions } from '../../src/postgres/resolve-options.ts';
import type { SqlDialect } from '../../src/sql/dialect.ts';
import { SqlStore } from '../../src/sql/sql-store.ts';
import { commands, firstBuilds, newWorld, type World } from '../equivalence/commands.ts';
import { observe } from '../equivalence/observe.ts';

const time = '2026-06-01T00:00:00.000Z';
const clock: Clock = { ...systemClock, now: () => Date.parse(time) };

/** PostgreSQL whose clock stands still, so that heartbeats give the same leases. */
const dialect: SqlDialect = {
  ...postgresDialect,
  now: sql<number>`${sql.lit(Date.parse(time))}`,
  nowPlus: (column) => sql<string>`timestamptz ${sql.lit(time)} + make_interval(secs => ${sql.ref(column)})`,
};

function postgres(url: string): StateStore {
  const place = postgresPlace(url);
  return new SqlStore({
    kind: 'postgres',
    uri: place.shown,
    capabilities: { shared: true, durable: true, sql: true, globalStream: true },
    dialect,
    connect: () => connectPostgres(place, resolveOptions({})),
  });
}

/** The heads that there are now, for later commands to build on. */
async function look(store: StateStore, world: World): Promise<void> {
  for (const id of world.ids) {
    const loaded = await store.loadBuild(id);
    if (loaded === undefined) continue;
    const { project: _, ...head } = loaded.snapshot;
    const heads = world.seen.get(id) ?? [];
    const newest = heads.at(-1)?.build.version === head.build.version ? heads.length - 1 : heads.length;
    heads[newest] = head;
    world.seen.set(id, heads);
  }
}

test('PostgreSQL gives the same answers to the same random commands as memory', async () => {
  const answers: unknown[] = [];
  await fc.assert(
    fc.asyncProperty(commands, async (script) => {
      const database = await lendDatabase();
      const world = newWorld();
      const [one, two] = [createMemoryStore({ clock }), postgres(database.url)];
      try {
        for (const store of [one, two]) {
          await store.open();
          await store.saveProject(world.project, 0);
        }
        for (const command of [...firstBuilds, ...script]) {
          const action = command(world);
          const answer = await action(one);
          expect(await action(two)).toEqual(answer);
          answers.push(answer);
          await look(one, world);
        }
        expect(await observe(two, world)).toEqual(await observe(one, world));
      } finally {
        await Promise.all([one.close(), two.close()]);
        await database.drop();
      }
    }),
    { numRuns: 30 },
  );
  // The commands are worth something: changes of either fate are among them.
  expect(answers.filter((answer) => answer === 'applied').length).toBeGreaterThan(150);
  expect(answers.filter((answer) => answer === 'conflict').length).toBeGreaterThan(25);
}, 180_000);
