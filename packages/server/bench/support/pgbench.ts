import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { PostgresServer } from '@buildstate/tooling/postgres';

const run = promisify(execFile);
const rows = 10_000;

/** The least that a transition needs: a row that says where a build is, and a row for what happened to it. */
const tables = `
  create table bare_builds (
    id integer primary key,
    version integer not null,
    current_state integer not null,
    status text not null,
    updated_at timestamptz not null
  ) with (fillfactor = 50);
  create table bare_events (
    build_id integer not null,
    seq integer not null,
    type text not null,
    at timestamptz not null,
    data jsonb not null,
    primary key (build_id, seq)
  );
  insert into bare_builds select id, 1, 5, 'running', now() from generate_series(1, ${rows}) as id;`;

/** The bare read, and the guarded write that also writes the event. `\gset` works in prepared mode only. */
const script = `
\\set id random(1, ${rows})
select version, current_state, status from bare_builds where id = :id \\gset
with moved as (
  update bare_builds set version = version + 1, current_state = :current_state + 1, updated_at = now()
  where id = :id and version = :version returning id, version, current_state)
insert into bare_events (build_id, seq, type, at, data)
select id, version, 'state.completed', now(), jsonb_build_object('state', current_state) from moved;
`;

/** What a run came to. */
export interface PgBenchResult {
  readonly answers: number;
  readonly perSecond: number;
}

/** pgbench, doing nothing but the bare read and guarded write in a database of its own. */
export interface PgBench {
  /** Process id of the server. */
  readonly serverProcess: number;
  /** Runs transactions of some clients over some seconds. */
  run(clients: number, seconds: number): Promise<PgBenchResult>;
  /** Removes its script. */
  close(): Promise<void>;
}

/** Prepares pgbench on a server. @throws when it is not installed */
export async function preparePgBench(server: PostgresServer): Promise<PgBench> {
  const folder = await mkdtemp(join(tmpdir(), 'buildstate-pgbench-'));
  const file = join(folder, 'transition.sql');
  await writeFile(file, script);
  const environment = { ...process.env, PGPASSWORD: server.password, PGDATABASE: 'postgres' };
  const at = ['-h', server.host, '-p', String(server.port), '-U', server.user];
  await run('psql', [...at, '-q', '-c', 'create database bare'], { env: environment });
  environment.PGDATABASE = 'bare';
  await run('psql', [...at, '-q', '-v', 'ON_ERROR_STOP=1', '-c', tables], { env: environment });
  await run('psql', [...at, '-q', '-c', 'vacuum analyze'], { env: environment });
  const { stdout: data } = await run('psql', [...at, '-Atc', 'show data_directory'], { env: environment });
  const [serverProcess] = (await readFile(join(data.trim(), 'postmaster.pid'), 'utf8')).split('\n');
  return {
    serverProcess: Number(serverProcess),
    async run(clients, seconds) {
      const load = ['-n', '-M', 'prepared', '-c', String(clients), '-T', String(seconds), '-f', file];
      const { stdout } = await run('pgbench', [...at, ...load, 'bare'], { env: environment });
      // A run whose clients were all ended by errors still prints a rate.
      const failed = /number of failed transactions: (\d+)/.exec(stdout)?.[1];
      const perSecond = Number(/tps = ([\d.]+)/.exec(stdout)?.[1]);
      const answers = Number(/actually processed: (\d+)/.exec(stdout)?.[1]);
      if (failed !== '0' || !(perSecond > 0) || !(answers > 0)) throw new Error(`pgbench failed:\n${stdout}`);
      return { answers, perSecond };
    },
    close: () => rm(folder, { recursive: true }),
  };
}
