import { startPostgres } from '@buildstate/tooling/postgres';
import { cpuOfPrograms, cpuOfTree } from './support/cpu-time.ts';
import { load } from './support/load.ts';
import { type PgBench, preparePgBench } from './support/pgbench.ts';
import { cpuTime, startTarget, stopTarget, type Target } from './support/target-process.ts';
import { makeBuilds, transitions, transitionsPerBuild } from './support/transitions.ts';
import { hasWrk, transitionsByWrk } from './support/wrk.ts';

/**
 * `node --conditions=@buildstate/source packages/server/bench/postgres.ts [seconds] [repetitions]`
 *
 * A transition over HTTP, `POST /builds/{id}/state`, on a PostgreSQL whose commits wait for the disk, against
 * `pgbench -M prepared` doing the bare read and guarded write on the same server, in turns. Once with one server, once
 * with two of them over the same database. Load comes from `wrk` (Debian: wrk) where it is installed, else from Node,
 * which takes about as much CPU time as a framework that answers it. All share the machine's cores, so that the sums of
 * CPU time per transition can be compared even where other work disturbs the rates.
 */
const seconds = Number(process.argv[2] ?? 5);
const repetitions = Number(process.argv[3] ?? 3);
/** Seconds before anything counts: code that ran a few thousand times is compiled, and costs half as much. */
const warmUp = 4;
const byWrk = hasWrk();
const clientCounts = [16, 64] as const;
const serverCounts = [1, 2] as const;

interface Run {
  readonly perSecond: number;
  /** Microseconds of CPU time per transition: PostgreSQL's, our servers', and that of the load. */
  readonly cpu: { readonly database: number; readonly servers: number; readonly load: number };
  /** Milliseconds; of pgbench it is not known. */
  readonly p99: number;
}

interface Outcome {
  readonly answers: number;
  readonly perSecond: number;
  readonly p99: number;
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
const median = (numbers: readonly number[]) =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
const totalCpu = async (targets: readonly Target[]) => sum(await Promise.all(targets.map(cpuTime)));
const cpuSum = ({ cpu }: Run) => cpu.database + cpu.servers + cpu.load;

/** Runs load and counts whose CPU time it took. */
async function measured(
  pgBench: PgBench,
  targets: readonly Target[],
  work: () => Promise<Outcome>,
): Promise<Run> {
  const taken = async () => ({
    database: cpuOfTree(pgBench.serverProcess),
    servers: await totalCpu(targets),
    load: cpuOfPrograms(),
  });
  const before = await taken();
  const { answers, perSecond, p99 } = await work();
  const after = await taken();
  const each = (who: keyof Run['cpu']) => (after[who] - before[who]) / answers;
  return {
    perSecond,
    p99,
    cpu: { database: each('database'), servers: each('servers'), load: each('load') },
  };
}

/** Load on one server, by `wrk` where it is installed. */
async function loadOn(
  port: number,
  builds: readonly string[],
  clients: number,
  duration: number,
): Promise<Outcome> {
  if (byWrk) return transitionsByWrk(port, builds, clients, duration);
  const share = builds.length / clients;
  const sources = Array.from({ length: clients }, (_, client) =>
    transitions(builds.slice(client * share, (client + 1) * share), false),
  );
  return load(port, sources, '201', duration * 1000);
}

/** Transitions of new builds for some seconds, the clients spread over the servers. */
async function throughServers(pgBench: PgBench, targets: readonly Target[], clients: number): Promise<Run> {
  const [first] = targets;
  if (first === undefined) throw new Error('there is no server');
  const each = clients / targets.length;
  const through = async (duration: number) => {
    const perClient = Math.ceil((duration * 20_000) / clients / transitionsPerBuild) + 1;
    const builds = await makeBuilds(first.port, perClient * clients);
    const share = builds.length / targets.length;
    return measured(pgBench, targets, async () => {
      const results = await Promise.all(
        targets.map(({ port }, index) =>
          loadOn(port, builds.slice(index * share, (index + 1) * share), each, duration),
        ),
      );
      return {
        answers: sum(results.map(({ answers }) => answers)),
        perSecond: sum(results.map(({ perSecond }) => perSecond)),
        p99: Math.max(...results.map(({ p99 }) => p99)),
      };
    });
  };
  await through(warmUp);
  return through(seconds);
}

function bareRun(pgBench: PgBench, clients: number): Promise<Run> {
  return measured(pgBench, [], async () => ({ ...(await pgBench.run(clients, seconds)), p99: Number.NaN }));
}

/** CPU times of both, in microseconds: what is shared on two cores is their sum. */
function cpuCells(runs: readonly Run[]): string {
  const parts = (['database', 'servers', 'load'] as const).map((who) =>
    median(runs.map(({ cpu }) => cpu[who])).toFixed(0),
  );
  return `${parts.join('+')}=${median(runs.map(cpuSum)).toFixed(0)}`;
}

async function compare(pgBench: PgBench, targets: readonly Target[], clients: number): Promise<void> {
  const bare: Run[] = [];
  const runs: Run[] = [];
  for (let repetition = 0; repetition < repetitions; repetition++) {
    bare.push(await bareRun(pgBench, clients));
    runs.push(await throughServers(pgBench, targets, clients));
  }
  const ratios = runs.map(({ perSecond }, index) => perSecond / (bare[index]?.perSecond ?? Number.NaN));
  const rate = (of: readonly Run[]) => median(of.map(({ perSecond }) => perSecond)).toFixed(0);
  const cells = [
    String(clients).padStart(7),
    String(targets.length).padStart(8),
    rate(bare).padStart(10),
    rate(runs).padStart(14),
    median(ratios).toFixed(2).padStart(6),
    `(${ratios.map((ratio) => ratio.toFixed(2)).join(' ')})`.padEnd(17),
    (median(bare.map(cpuSum)) / median(runs.map(cpuSum))).toFixed(2).padStart(10),
    cpuCells(bare).padStart(18),
    cpuCells(runs).padStart(18),
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
  console.log(`Load by ${byWrk ? 'wrk' : 'Node'}. CPU: microseconds per transition, database+server+load.`);
  console.log(
    'clients  servers  pgbench/s  transitions/s  ratio (each)            CPU ratio     CPU of pgbench        CPU of ours   p99 ms',
  );
  for (const count of serverCounts) {
    while (targets.length < count) targets.push(await startTarget('store', url));
    for (const clients of clientCounts) await compare(pgBench, targets, clients);
  }
} finally {
  for (const target of targets) await stopTarget(target);
  await pgBench.close();
  await server.stop();
}
