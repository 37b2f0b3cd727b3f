import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { FromListeners, ToListeners } from './support/listeners.ts';
import { startTarget, stopTarget, type Target } from './support/target-process.ts';
import { withPostgres } from './support/with-postgres.ts';

/**
 * `npm run bench -- events [seconds] [listeners] [events per second]`
 *
 * Listeners on `GET /events` of one server, on SQLite and on PostgreSQL; server, listeners and whoever reports are
 * processes of their own. Each event is a transition over HTTP; its delay is from before the request is sent until a
 * listener has it.
 */
const [seconds = 20, listeners = 500, rate = 500] = process.argv.slice(2).map(Number);
const key = 'dev-key-12345';

/** Seconds of computing and bytes of memory of a process. */
function usage(pid: number): { readonly cpu: number; readonly mebibytes: number } {
  const [, rest = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const fields = rest.split(' ');
  const resident = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return { cpu: (Number(fields[11]) + Number(fields[12])) / 100, mebibytes: Number(resident) / 1024 };
}

async function post(url: string, body: object): Promise<Record<string, unknown>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'x-api-key': key, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as Record<string, unknown>;
}

/** When each event was asked for, by build and seq. */
const sent = new Map<string, number>();
/** Asks the process that listens, and waits for its answer. */
async function ask(child: ChildProcess, question: ToListeners): Promise<FromListeners> {
  const answer = once(child, 'message');
  child.send(question);
  return (await answer)[0] as FromListeners;
}

const now = () => performance.timeOrigin + performance.now();

async function measure(name: string, target: Target): Promise<void> {
  const url = `http://127.0.0.1:${target.port}`;
  const pid = target.child.pid ?? 0;
  const listening = fork(new URL('./support/listeners.ts', import.meta.url).pathname);
  try {
    const builds: string[] = [];
    const perBuild = 20;
    while (builds.length < (seconds * rate) / perBuild + 10) {
      const made = Array.from({ length: 16 }, () => post(`${url}/builds`, { project: 'bench' }));
      builds.push(...(await Promise.all(made)).map(({ id }) => String(id)));
    }
    await ask(listening, { open: { url, key, listeners } });
    const before = usage(pid);
    const started = performance.now();
    const total = seconds * rate;
    let next = 0;
    const under: Promise<unknown>[] = [];
    while (next < total) {
      const due = Math.min(total, Math.floor(((performance.now() - started) / 1000) * rate));
      for (; next < due; next += 1) {
        const build = builds[Math.floor(next / perBuild)] ?? '';
        const index = next % perBuild;
        // One after the other within a build, many builds side by side.
        const turn = chained(build, async () => {
          sent.set(`${build}#${index + 2}`, now());
          await post(`${url}/builds/${build}/state`, { state: (index + 1) * 4 });
        });
        under.push(turn);
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await Promise.all(under);
    const deadline = performance.now() + 30_000;
    let counted = await ask(listening, { count: true });
    while ((counted.least ?? 0) < total && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      counted = await ask(listening, { count: true });
    }
    const took = (performance.now() - started) / 1000;
    const after = usage(pid);
    const { delays = [] } = await ask(listening, { close: [...sent] });
    const at = (share: number) => (delays[Math.floor(delays.length * share)] ?? Number.NaN).toFixed(0);
    console.log(
      `${name.padEnd(10)} ${listeners} listeners, ${total} events in ${took.toFixed(1)} s: ` +
        `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, max ${at(0.999999)} ms; ` +
        `least ${counted.least} and most ${counted.most} of ${total} per listener; ` +
        `server ${(((after.cpu - before.cpu) / took) * 100).toFixed(0)} % of a CPU, ` +
        `${before.mebibytes.toFixed(0)} to ${after.mebibytes.toFixed(0)} MiB`,
    );
  } finally {
    listening.kill();
    await stopTarget(target);
  }
}

const last = new Map<string, Promise<unknown>>();

/** Runs one thing after the other for each build. */
function chained(build: string, run: () => Promise<unknown>): Promise<unknown> {
  const turn = (last.get(build) ?? Promise.resolve()).then(run);
  last.set(build, turn);
  return turn;
}

await measure('SQLite', await startTarget('sqlite'));
await withPostgres(async (url) => measure('PostgreSQL', await startTarget('store', url)));
