import { execFile } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createTracker, type Tracker } from '@buildstate/core';
import { createIds, createNodeCrypto, loadKeyRing, systemClock } from '@buildstate/node-runtime';
import { openStateStore } from '@buildstate/state-stores';
import { type PostgresServer, startPostgres } from '@buildstate/tooling/postgres';
import pg from 'pg';

/**
 * Transitions of builds through the engine on PostgreSQL, without HTTP, beside pgbench doing a bare read and a guarded
 * write with its event on the same server, commits on disk in both. Trust the ratio. Run:
 * node --conditions=@buildstate/source bench/postgres-transition.ts [seconds]
 */
const seconds = Number(process.argv[2] ?? 4);
const actor = { id: 'bench', scopes: ['read', 'write', 'admin'], projectId: null } as const;
const states = Array.from({ length: 20 }, (_, index) => (index + 1) * 5 - 1);

const schema = `create table bare (id int primary key, state int not null, version int not null);
  create table bare_event (position bigserial primary key, bare_id int not null, version int not null);
  insert into bare select n, 0, 1 from generate_series(1, 10000) n;`;

const script = `\\set id random(1, 10000)
select state, version from bare where id = :id \\gset
with moved as (update bare set state = state + 1, version = version + 1 where id = :id and version = :version returning id, version)
insert into bare_event (bare_id, version) select id, version from moved;
`;

async function byPgbench(server: PostgresServer, clients: number): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'buildstate-bench-'));
  const file = join(folder, 'script.sql');
  await writeFile(file, script);
  const { host, port, user, password } = server;
  const args = ['-n', '-M', 'prepared', '-c', String(clients), '-j', '2', '-T', String(seconds), '-f', file];
  const { stdout } = await promisify(execFile)(
    join(server.programs, 'pgbench'),
    [...args, '-h', host, '-p', String(port), '-U', user, 'postgres'],
    { env: { ...process.env, PGPASSWORD: password } },
  );
  await rm(folder, { recursive: true });
  return Number(/tps = ([\d.]+)/.exec(stdout)?.[1]);
}

async function byEngine(tracker: Tracker, clients: number): Promise<number> {
  let done = 0;
  const until = performance.now() + seconds * 1000;
  async function client(): Promise<void> {
    while (performance.now() < until) {
      const { body } = await tracker.perform(
        'createBuild',
        { body: { project: 'bench', build_number: randomUUID() } },
        { actor },
      );
      for (const state of states) {
        if (performance.now() > until) return;
        const report = { state, status: 'completed', event_id: randomUUID(), reported_by: 'bench' };
        await tracker.perform('recordState', { params: { build_id: body.id }, body: report }, { actor });
        done += 1;
      }
    }
  }
  await Promise.all(Array.from({ length: clients }, client));
  return done / seconds;
}

const server = await startPostgres({ durable: true });
const { host, port, user, password } = server;
const admin = new pg.Client({ host, port, user, password, database: 'postgres' });
await admin.connect();
await admin.query(schema);
const store = await openStateStore(`postgres://${user}:${password}@${host}:${port}/postgres`);
const crypto = createNodeCrypto(await loadKeyRing({ single: randomBytes(32).toString('hex') }));
const tracker = createTracker({ store, clock: systemClock, ids: createIds(), crypto });
await byEngine(tracker, 16);
for (const clients of (process.argv[3] ?? '1,16,64').split(',').map(Number)) {
  const bare = await byPgbench(server, clients);
  const cpu = process.cpuUsage();
  const ours = await byEngine(tracker, clients);
  const used = process.cpuUsage(cpu);
  const each = (used.user + used.system) / (ours * seconds);
  console.log(
    `${String(clients).padStart(2)} clients: pgbench ${bare.toFixed(0)}/s, engine ${ours.toFixed(0)}/s, ` +
      `ratio ${(ours / bare).toFixed(2)}, ${each.toFixed(0)} µs of this process's CPU each`,
  );
}
await store.close();
await admin.end();
await server.stop();
