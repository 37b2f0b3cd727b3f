import { Agent, request } from 'node:http';
import { startTarget, stopTarget, type Target } from './support/target-process.ts';
import { makeBuilds } from './support/transitions.ts';
import { withPostgres } from './support/with-postgres.ts';

/**
 * `node --conditions=@buildstate/source packages/server/bench/claims.ts [builds] [workers] [seconds] [held]`
 *
 * Many workers at once while thousands of builds wait. Each claims a build (`POST /builds/claim`), starts and completes
 * its last state (two transitions), and claims the next; claims and transitions are timed apart, under the same load, on
 * SQLite with full sync, on a PostgreSQL whose commits wait for the disk, and on two servers over one such PostgreSQL.
 * Before that, `held` older builds are claimed and never begun.
 */
const count = Number(process.argv[2] ?? 10_000);
const workers = Number(process.argv[3] ?? 50);
const seconds = Number(process.argv[4] ?? 5);
const held = Number(process.argv[5] ?? 0);
/** Seconds before anything counts: code that ran a few thousand times is compiled, and costs half as much. */
const warmUp = 3;

interface Claim {
  readonly build: { readonly id: string };
  readonly lease: { readonly token: number };
}

/** Milliseconds that each took. */
interface Times {
  readonly claims: number[];
  readonly transitions: number[];
}

function poster(port: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: workers });
  const post = (path: string, body: object) =>
    new Promise<{ readonly status: number; readonly text: string }>((resolve, reject) => {
      const sent = request(
        {
          agent,
          port,
          host: '127.0.0.1',
          path,
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-api-key': 'dev-key-12345' },
        },
        (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (part: string) => {
            text += part;
          });
          response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
        },
      );
      sent.on('error', reject).end(JSON.stringify(body));
    });
  return { post, close: () => agent.destroy() };
}

async function timed<T>(times: number[], work: () => Promise<T>): Promise<T> {
  const from = performance.now();
  const result = await work();
  times.push(performance.now() - from);
  return result;
}

/** One worker, until the time is over. */
async function work(post: ReturnType<typeof poster>['post'], holder: string, until: number, times: Times) {
  while (performance.now() < until) {
    const { status, text } = await timed(times.claims, () =>
      post('/builds/claim', { project: 'bench', holder }),
    );
    if (status !== 200) throw new Error(`${status} ${text}; make more builds`);
    const { build, lease } = JSON.parse(text) as Claim;
    for (const step of ['started', 'completed']) {
      const body = { state: 100, status: step, lease_token: lease.token, reported_by: holder };
      const answer = await timed(times.transitions, () => post(`/builds/${build.id}/state`, body));
      if (answer.status !== 201) throw new Error(answer.text);
    }
  }
}

async function pool(targets: readonly Target[], duration: number): Promise<Times> {
  const times: Times = { claims: [], transitions: [] };
  const posters = targets.map(({ port }) => poster(port));
  const until = performance.now() + duration * 1000;
  await Promise.all(
    Array.from({ length: workers }, (_, index) => {
      const { post } = posters[index % posters.length] as ReturnType<typeof poster>;
      return work(post, `worker ${index}`, until, times);
    }),
  );
  for (const { close } of posters) close();
  return times;
}

/** Claims builds for an hour, and does nothing with them. */
async function hold(target: Target): Promise<void> {
  const { post, close } = poster(target.port);
  let left = held;
  const one = async () => {
    while (left-- > 0) {
      const { status, text } = await post('/builds/claim', {
        project: 'bench',
        holder: 'idle',
        ttl_seconds: 3600,
      });
      if (status !== 200) throw new Error(`${status} ${text}`);
    }
  };
  await Promise.all(Array.from({ length: workers }, one));
  close();
}

const mean = (times: readonly number[]) => times.reduce((sum, one) => sum + one, 0) / times.length;
const at = (times: readonly number[], share: number) =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length * share)] ?? Number.NaN;

async function measure(name: string, targets: readonly Target[]): Promise<void> {
  const [first] = targets;
  if (first === undefined) throw new Error('there is no server');
  const { port } = first;
  await makeBuilds(port, held);
  await hold(first);
  await makeBuilds(port, count);
  await pool(targets, warmUp);
  await makeBuilds(port, count / 2);
  const { claims, transitions } = await pool(targets, seconds);
  const cells = [claims, transitions].flatMap((times) =>
    [mean(times), at(times, 0.99)].map((ms) => ms.toFixed(1).padStart(9)),
  );
  const ratio = (mean(claims) / mean(transitions)).toFixed(2).padStart(9);
  console.log([name.padEnd(26), String(claims.length).padStart(7), ...cells, ratio].join(' '));
}

console.log(`${count} builds wait, ${held} are held and not begun, ${workers} workers`);
console.log('                            claims   mean ms    p99 ms   (transition: mean, p99)     ratio');
const sqlite = await startTarget('sqlite');
await measure('SQLite', [sqlite]);
await stopTarget(sqlite);
for (const instances of [1, 2]) {
  await withPostgres(async (url) => {
    const targets: Target[] = [];
    try {
      while (targets.length < instances) targets.push(await startTarget('store', url));
      await measure(`PostgreSQL, ${instances} ${instances === 1 ? 'server' : 'servers'}`, targets);
    } finally {
      await Promise.all(targets.map(stopTarget));
    }
  });
}
