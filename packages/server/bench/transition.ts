import { type LoadResult, load } from './support/load.ts';
import { cpuTime, startTarget, stopTarget } from './support/target-process.ts';
import { makeBuilds, transitions, transitionsPerBuild } from './support/transitions.ts';

/**
 * `node --conditions=@buildstate/source packages/server/bench/transition.ts [seconds]`
 *
 * A transition over HTTP, `POST /builds/{id}/state`, on SQLite with full sync, against the same framework answering a
 * constant; in between, the app with a tracker that answers a constant, and the whole server in memory.
 */
const kinds = ['framework', 'door', 'memory', 'sqlite'] as const;
type Kind = (typeof kinds)[number];
const clientCounts = [16, 64] as const;
const seconds = Number(process.argv[2] ?? 4);
/** Seconds before anything counts: code that ran a few thousand times is compiled, and costs half as much. */
const warmUp = 4;

/** With CPU time per request, which other work on the machine moves less than the rate. */
async function measure(kind: Kind, clients: number): Promise<LoadResult & { readonly cpu: number }> {
  const target = await startTarget(kind);
  try {
    const endless = kind === 'framework' || kind === 'door';
    const perClient = Math.ceil(((seconds + warmUp) * 12_000) / clients / transitionsPerBuild);
    const count = perClient * clients;
    const builds = endless
      ? Array.from({ length: count }, () => crypto.randomUUID())
      : await makeBuilds(target.port, count);
    const of = (client: number) =>
      transitions(builds.slice(client * perClient, (client + 1) * perClient), endless);
    const sources = Array.from({ length: clients }, (_, client) => of(client));
    await load(target.port, sources, '201', warmUp * 1000);
    const before = await cpuTime(target);
    const result = await load(target.port, sources, '201', seconds * 1000);
    return { ...result, cpu: ((await cpuTime(target)) - before) / result.answers };
  } finally {
    await stopTarget(target);
  }
}

console.log('clients  target     per second     ratio    p50 ms    p99 ms    CPU us     ratio');
for (const clients of clientCounts) {
  let base = 0;
  let baseCpu = 0;
  for (const kind of kinds) {
    const { perSecond, p50, p99, cpu } = await measure(kind, clients);
    if (kind === 'framework') [base, baseCpu] = [perSecond, cpu];
    const cells = [perSecond.toFixed(0).padStart(12), (perSecond / base).toFixed(2).padStart(9)];
    const delays = [p50, p99].map((ms) => ms.toFixed(1).padStart(9));
    const work = [cpu.toFixed(0).padStart(9), (cpu / baseCpu).toFixed(2).padStart(9)];
    console.log([String(clients).padStart(7), ` ${kind.padEnd(9)}`, ...cells, ...delays, ...work].join(' '));
  }
}
