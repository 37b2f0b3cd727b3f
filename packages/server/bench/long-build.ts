import { startPostgres } from '@buildstate/tooling/postgres';
import { load, requestBytes } from './support/load.ts';
import { cpuTime, startTarget, stopTarget, type Target } from './support/target-process.ts';

/**
 * `node --conditions=@buildstate/source packages/server/bench/long-build.ts [attempts] [rounds]`
 *
 * A transition of a build that has thousands of attempts behind it, against one with five: a state started and failed
 * over and over, in turns, one request at a time.
 */
const attempts = Number(process.argv[2] ?? 5000);
const rounds = Number(process.argv[3] ?? 30);
const perRound = 20;

/** Starts and fails state 25, `count` times in all. */
async function tryAgain({ port }: Target, build: string, count: number): Promise<readonly number[]> {
  let made = 0;
  const source = () => {
    if (made === count) return undefined;
    const status = made++ % 2 === 0 ? 'started' : 'failed';
    const more = status === 'failed' ? { error_message: 'The mirror did not answer.' } : {};
    return requestBytes('POST', `/builds/${build}/state`, JSON.stringify({ state: 25, status, ...more }));
  };
  return (await load(port, [source], '201', 600_000)).times;
}

async function newBuild({ port }: Target): Promise<string> {
  const id = crypto.randomUUID();
  const requests = [
    requestBytes('POST', '/builds', JSON.stringify({ id, project: 'bench', build_number: id })),
  ];
  await load(port, [() => requests.pop()], '201', 60_000);
  return id;
}

const percentile = (times: readonly number[], share: number) =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length * share)] ?? Number.NaN;

async function compare(store: string, target: Target): Promise<void> {
  const long = await newBuild(target);
  await tryAgain(target, long, 2 * attempts);
  const short: number[] = [];
  const longer: number[] = [];
  const cpu = [0, 0];
  const timed = async (which: 0 | 1, build: string) => {
    const before = await cpuTime(target);
    const times = await tryAgain(target, build, perRound);
    cpu[which] = (cpu[which] ?? 0) + (await cpuTime(target)) - before;
    return times;
  };
  for (let round = 0; round < rounds; round++) {
    const fresh = await newBuild(target);
    await tryAgain(target, fresh, 10);
    short.push(...(await timed(0, fresh)));
    longer.push(...(await timed(1, long)));
  }
  const cells = [0.5, 0.9].flatMap((share) => {
    const [a, b] = [percentile(short, share), percentile(longer, share)];
    return [a.toFixed(2).padStart(8), b.toFixed(2).padStart(8), (b / a).toFixed(2).padStart(6)];
  });
  const work = (cpu[1] ?? 0) / (cpu[0] ?? 1);
  console.log(store.padEnd(9), ...cells, work.toFixed(2).padStart(10));
}

console.log(`a build with 5 attempts, and one with ${attempts}`);
console.log('store      p50 ms of 5, of many, ratio    p90 ms of 5, of many, ratio   CPU ratio');
const sqlite = await startTarget('sqlite');
await compare('sqlite', sqlite);
await stopTarget(sqlite);

const server = await startPostgres({ durable: true });
const { host, port, user, password } = server;
const postgres = await startTarget('store', `postgres://${user}:${password}@${host}:${port}/postgres`);
await compare('postgres', postgres);
await stopTarget(postgres);
await server.stop();
