import { startPostgres } from '@buildstate/tooling/postgres';
import { load } from './support/load.ts';
import { type PgBench, preparePgBench } from './support/pgbench.ts';
import { cpuTime, startTarget, stopTarget, type Target } from './support/target-process.ts';
import { makeBuilds, transitions, transitionsPerBuild } from './support/transitions.ts';

/**
 * `node --conditions=@buildstate/source packages/server/bench/postgres.ts [seconds] [repetitions]`
 *
 * A transition over HTTP, `POST /builds/{id}/state`, on a PostgreSQL whose commits wait for the disk, against
 * `pgbench -M prepared` doing the bare read and guarded write on the same server, in turns. Once with one server, once
 * with two of them over the same database.
 */
const seconds = Number(process.argv[2] ?? 5);
const repetitions = Number(process.argv[3] ?? 3);
/** Seconds before anything counts: code that ran a few thousand times is compiled, and costs half as much. */
const warmUp = 4;
const clientCounts = [16, 64] as const;
const serverCounts = [1, 2] as const;

interface Run {
  readonly perSecond: number;
  /** Microseconds of the servers' CPU time per request. */
  readonly cpu: number;
  readonly p99: number;
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
const median = (numbers: readonly number[]) =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
const totalCpu = async (targets: readonly Target[]) => sum(await Promise.all(targets.map(cpuTime)));

/** Transitions of new builds for some seconds, the clients spread over the servers. */
async function throughServers(targets: readonly Target[], clients: number): Promise<Run> {
  const perClient = Math.ceil(((seconds + warmUp) * 16_000) / clients / transitionsPerBuild);
  const [first] = targets;
  if (first === undefined) throw new Error('there is no server');
  const builds = await makeBuilds(first.port, perClient * clients);
  const sources = Array.from({ length: clients }, (_, client) =>
    transitions(builds.slice(client * perClient, (client + 1) * perClient), false),
  );
  const through = (milliseconds: number) =>
    Promise.all(
      targets.map(({ port }, index) =>
        load(
          port,
          sources.filter((__, client) => client % targets.length === index),
          '201',
          milliseconds,
        ),
      ),
    );
  await through(warmUp * 1000);
  const before = await totalCpu(targets);
  const results = await through(seconds * 1000);
  const answers = sum(results.map((result) => result.answers));
  return {
    perSecond: sum(results.map(({ perSecond }) => perSecond)),
    cpu: ((await totalCpu(targets)) - before) / answers,
    p99: Math.max(...results.map(({ p99 }) => p99)),
  };
}

async function compare(pgBench: PgBench, targets: readonly Target[], clients: number): Promise<void> {
  const bare: number[] = [];
  const runs: Run[] = [];
  for (let repetition = 0; repetition < repetitions; repetition++) {
    bare.push(await pgBench.perSecond(clients, seconds));
    runs.push(await throughServers(targets, clients));
  }
  const ratios = runs.map(({ perSecond }, index) => perSecond / (bare[index] ?? Number.NaN));
  const cells = [
    String(clients).padStart(7),
    String(targets.length).padStart(8),
    median(bare).toFixed(0).padStart(10),
    median(runs.map(({ perSecond }) => perSecond))
      .toFixed(0)
      .padStart(12),
    median(ratios).toFixed(2).padStart(7),
    `(${ratios.map((ratio) => ratio.toFixed(2)).join(' ')})`.padEnd(18),
    median(runs.map(({ cpu }) => cpu))
      .toFixed(0)
      .padStart(7),
    median(runs.map(({ p99 }) => p99))
      .toFixed(1)
      .padStart(8),
  ];
  console.log(cells.join(' '));
}

const server = await startPostgres({
  durable: true,
  settings: { shared_buffers: '256MB', max_wal_size: '4GB' },
});
const { host, port, user, password } = server;
const url = `postgres://${user}:${password}@${host}:${port}/postgres`;
const targets: Target[] = [];
const pgBench = await preparePgBench(server);
try {
  console.log('clients  servers  pgbench/s  transitions/s  ratio  (each)            CPU us   p99 ms');
  for (const count of serverCounts) {
    while (targets.length < count) targets.push(await startTarget('store', url));
    for (const clients of clientCounts) await compare(pgBench, targets, clients);
  }
} finally {
  for (const target of targets) await stopTarget(target);
  await pgBench.close();
  await server.stop();
}
