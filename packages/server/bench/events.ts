import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/**
 * `node --conditions=@buildstate/source packages/server/bench/events.ts [seconds] [listeners] [events per second]`
 *
 * Listeners on `GET /events` of a server in a process of its own, on SQLite, and on PostgreSQL when `BLDST_DATABASE_URL`
 * names an empty database. Each event is a transition over HTTP; its delay is from before the request is sent until each
 * listener has it.
 */
const [seconds = 20, listeners = 500, rate = 500] = process.argv.slice(2).map(Number);
const key = 'dev-key-12345';
const stores = ['sqlite', ...(process.env.BLDST_DATABASE_URL === undefined ? [] : ['postgres'])];

/** Seconds of computing and bytes of memory of a process. */
function usage(pid: number): { readonly cpu: number; readonly mebibytes: number } {
  const [, rest = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const fields = rest.split(' ');
  const resident = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return { cpu: (Number(fields[11]) + Number(fields[12])) / 100, mebibytes: Number(resident) / 1024 };
}

async function serve(store: string, folder: string) {
  const file = new URL('../test/support/serve.ts', import.meta.url).pathname;
  const env = { ...process.env };
  if (store === 'sqlite') delete env.BLDST_DATABASE_URL;
  const child = spawn(process.execPath, ['--conditions=@buildstate/source', file, folder], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { child, url };
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
const wanted = /"build_id":"([^"]+)"[^\n]*?"seq":(\d+)/;

interface Listener {
  count: number;
}

function listen(url: string, listener: Listener, delays: number[], every: number): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const request = get(
      `${url}/events?type=state.completed`,
      { agent: false, headers: { accept: 'text/event-stream', 'x-api-key': key } },
      (response) => {
        let rest = '';
        response.setEncoding('utf8');
        response.on('data', (text: string) => {
          const now = performance.now();
          const blocks = (rest + text).split('\n\n');
          rest = blocks.pop() ?? '';
          for (const block of blocks) {
            if (!block.includes('\nevent: ')) continue;
            listener.count += 1;
            if (listener.count % every !== 0) continue;
            const [, build, seq] = wanted.exec(block) ?? [];
            const at = sent.get(`${build}#${seq}`);
            if (at !== undefined) delays.push(now - at);
          }
        });
        resolve(() => request.destroy());
      },
    );
    request.on('error', reject);
  });
}

async function measure(store: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bldst-events-'));
  const { child, url } = await serve(store, folder);
  const pid = child.pid ?? 0;
  try {
    const builds: string[] = [];
    const perBuild = 20;
    while (builds.length < (seconds * rate) / perBuild + 10) {
      const made = Array.from({ length: 16 }, () => post(`${url}/builds`, { project: 'bench' }));
      builds.push(...(await Promise.all(made)).map(({ id }) => String(id)));
    }
    const all = Array.from({ length: listeners }, (): Listener => ({ count: 0 }));
    const delays: number[] = [];
    const open = await Promise.all(all.map((listener) => listen(url, listener, delays, 7)));
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
          sent.set(`${build}#${index + 2}`, performance.now());
          await post(`${url}/builds/${build}/state`, { state: (index + 1) * 4 });
        });
        under.push(turn);
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await Promise.all(under);
    const deadline = performance.now() + 30_000;
    while (all.some(({ count }) => count < total) && performance.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 50));
    const took = (performance.now() - started) / 1000;
    const after = usage(pid);
    for (const close of open) close();
    delays.sort((a, b) => a - b);
    const at = (share: number) => (delays[Math.floor(delays.length * share)] ?? Number.NaN).toFixed(0);
    const counts = all.map(({ count }) => count);
    console.log(
      `${store.padEnd(9)} ${listeners} listeners, ${total} events in ${took.toFixed(1)} s: ` +
        `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, max ${at(0.999999)} ms; ` +
        `least ${Math.min(...counts)} and most ${Math.max(...counts)} of ${total} per listener; ` +
        `server ${(((after.cpu - before.cpu) / took) * 100).toFixed(0)} % of a CPU, ` +
        `${before.mebibytes.toFixed(0)} to ${after.mebibytes.toFixed(0)} MiB`,
    );
  } finally {
    child.kill('SIGTERM');
    await once(child, 'exit');
    rmSync(folder, { recursive: true, force: true });
  }
}

const last = new Map<string, Promise<unknown>>();

/** Runs one thing after the other for each build. */
function chained(build: string, run: () => Promise<unknown>): Promise<unknown> {
  const turn = (last.get(build) ?? Promise.resolve()).then(run);
  last.set(build, turn);
  return turn;
}

for (const store of stores) await measure(store);
