import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type LoadResult, load, type RequestSource, requestBytes } from './support/load.ts';

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
const statesPerBuild = 99;

interface Target {
  readonly port: number;
  readonly child: ChildProcess;
  readonly folder: string;
}

async function startTarget(kind: Kind): Promise<Target> {
  const folder = await mkdtemp(join(tmpdir(), 'buildstate-bench-'));
  const script = fileURLToPath(new URL('./support/target.ts', import.meta.url));
  const log = await open(join(folder, 'log.jsonl'), 'w');
  const child = spawn(process.execPath, ['--conditions=@buildstate/source', script, kind, folder], {
    stdio: ['ignore', 'pipe', log.fd, 'ipc'],
  });
  await log.close();
  const stopped = once(child, 'exit').then(([code]) => {
    throw new Error(`the target ended with ${code}`);
  });
  stopped.catch(() => {});
  if (child.stdout === null) throw new Error('the target has no output');
  const [port] = await Promise.race([once(child.stdout, 'data'), stopped]);
  return { port: Number(String(port).trim()), child, folder };
}

async function stopTarget({ child, folder }: Target): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  await rm(folder, { recursive: true, force: true });
}

/** Microseconds of CPU time that a target has used. */
async function cpuTime({ child }: Target): Promise<number> {
  const answer = once(child, 'message');
  child.send('cpu');
  return Number((await answer)[0]);
}

/** A client's requests: its builds go through every state, started and completed; where nothing is kept, endlessly. */
function transitions(builds: readonly string[], endless: boolean): RequestSource {
  let count = 0;
  return () => {
    const step = count++;
    const turn = Math.floor(step / (2 * statesPerBuild));
    const build = builds[endless ? turn % builds.length : turn];
    if (build === undefined) throw new Error('out of builds; make more of them');
    const within = step % (2 * statesPerBuild);
    const state = 1 + Math.floor(within / 2);
    const status = within % 2 === 0 ? 'started' : 'completed';
    const body = JSON.stringify({ state, status, message: 'Packages installed', reported_by: 'bench' });
    return requestBytes('POST', `/builds/${build}/state`, body);
  };
}

async function makeBuilds(kind: Kind, port: number, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => crypto.randomUUID());
  if (kind === 'framework' || kind === 'door') return ids;
  const left = [...ids];
  const sources = Array.from({ length: 16 }, () => () => {
    const id = left.pop();
    const body = JSON.stringify({ id, project: 'bench', build_number: id });
    return id === undefined ? undefined : requestBytes('POST', '/builds', body);
  });
  await load(port, sources, '201', 600_000);
  return ids;
}

/** With CPU time per request, which other work on the machine moves less than the rate. */
async function measure(kind: Kind, clients: number): Promise<LoadResult & { readonly cpu: number }> {
  const target = await startTarget(kind);
  try {
    const perClient = Math.ceil((seconds * 12_000) / clients / (2 * statesPerBuild));
    const builds = await makeBuilds(kind, target.port, perClient * clients);
    const endless = kind === 'framework' || kind === 'door';
    const of = (client: number) =>
      transitions(builds.slice(client * perClient, (client + 1) * perClient), endless);
    const sources = Array.from({ length: clients }, (_, client) => of(client));
    await load(target.port, sources, '201', Math.min(1500, seconds * 500));
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
