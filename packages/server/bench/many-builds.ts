import { join } from 'node:path';
import { type PostgresServer, startPostgres } from '@buildstate/tooling/postgres';
import { type BulkWriter, copyBuild, postgresWriter, sqliteWriter } from './support/fill-builds.ts';
import { getBytes, load, requestBytes } from './support/load.ts';
import { startTarget, stopTarget, type Target } from './support/target-process.ts';

/**
 * `node --conditions=@buildstate/source packages/server/bench/many-builds.ts [builds] [rounds]`
 *
 * Looking at builds over HTTP where there are a thousand of them, and where there are a million: a page of the list,
 * and one build of any age. Requests to both come from one client each, in turns.
 */
const sizes = [1000, Number(process.argv[2] ?? 1_000_000)] as const;
const rounds = Number(process.argv[3] ?? 40);
const perRound = 50;

/** A server over a database with builds. */
interface Filled {
  readonly target: Target;
  /** Ids of a thousand of its builds, of all ages. */
  readonly ids: readonly string[];
}

async function postOne(port: number, path: string, body: unknown): Promise<void> {
  const requests = [requestBytes('POST', path, JSON.stringify(body))];
  await load(port, [() => requests.pop()], '201', 60_000);
}

async function fill(target: Target, writer: BulkWriter, count: number): Promise<Filled> {
  const id = crypto.randomUUID();
  const metadata = { branch: 'main', commit: '5cfb24c0d2a5bb0', owner: 'platform' };
  await postOne(target.port, '/builds', {
    id,
    project: 'images',
    platform: 'aws',
    build_number: 'template',
    metadata,
  });
  await postOne(target.port, `/builds/${id}/state`, { state: 25, message: 'Packages installed' });
  const ids = await copyBuild(writer, id, count);
  writer.close();
  return { target, ids };
}

async function onSqlite(count: number): Promise<Filled> {
  const target = await startTarget('sqlite');
  return fill(target, sqliteWriter(join(target.folder, 'bench.db')), count);
}

async function onPostgres(server: PostgresServer, count: number): Promise<Filled> {
  const name = `builds_${count}`;
  await postgresWriter(server, 'postgres').run(`create database ${name}`);
  const { host, port, user, password } = server;
  const target = await startTarget('store', `postgres://${user}:${password}@${host}:${port}/${name}`);
  return fill(target, postgresWriter(server, name), count);
}

/** What is asked for, and how the path of one request is chosen. */
const requests: Readonly<Record<string, (ids: readonly string[]) => string>> = {
  'GET /builds': () => '/builds',
  'GET /builds?project_id=': () => '/builds?project_id=images',
  'GET /builds/{id}': (ids) => `/builds/${ids[Math.floor(Math.random() * ids.length)]}`,
};

const percentile = (times: readonly number[], share: number) =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length * share)] ?? Number.NaN;

async function ask(
  { target, ids }: Filled,
  path: (ids: readonly string[]) => string,
): Promise<readonly number[]> {
  let left = perRound;
  const source = () => (left-- > 0 ? getBytes(path(ids)) : undefined);
  return (await load(target.port, [source], '200', 60_000)).times;
}

async function compare(store: string, few: Filled, many: Filled): Promise<void> {
  for (const [name, path] of Object.entries(requests)) {
    const times: [number[], number[]] = [[], []];
    await ask(few, path);
    await ask(many, path);
    for (let round = 0; round < rounds; round++) {
      times[0].push(...(await ask(few, path)));
      times[1].push(...(await ask(many, path)));
    }
    const cells = [0.5, 0.99].flatMap((share) => {
      const [a, b] = times.map((one) => percentile(one, share)) as [number, number];
      return [a.toFixed(2).padStart(8), b.toFixed(2).padStart(8), (b / a).toFixed(2).padStart(6)];
    });
    console.log(store.padEnd(9), name.padEnd(25), ...cells);
  }
}

console.log(`${sizes.join(' and ')} builds`);
console.log('store     request                       p50 ms few, many, ratio    p99 ms few, many, ratio');
const sqlite = [await onSqlite(sizes[0]), await onSqlite(sizes[1])] as const;
await compare('sqlite', ...sqlite);
for (const { target } of sqlite) await stopTarget(target);

const server = await startPostgres({
  durable: true,
  settings: { shared_buffers: '256MB', max_wal_size: '4GB' },
});
const postgres = [await onPostgres(server, sizes[0]), await onPostgres(server, sizes[1])] as const;
await compare('postgres', ...postgres);
for (const { target } of postgres) await stopTarget(target);
await server.stop();
