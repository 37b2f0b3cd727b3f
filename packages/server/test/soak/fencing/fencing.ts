import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type BuildStateClient, connect } from '@buildstate/client';
import { StateInProgressError } from '@buildstate/core';
import { devKeys } from '../../support/test-server.ts';

const script = fileURLToPath(new URL('./hold-build.ts', import.meta.url));
const ttlSeconds = 2;

/** What a holder that was paused found when it went on. */
interface Outcome {
  readonly completes: string;
  readonly registers: string;
  readonly renews: string;
  readonly told: boolean;
}

class Holder {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(url: string, build: string) {
    const args = ['--conditions=@buildstate/source', script, url, build, String(ttlSeconds)];
    this.#child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const { stdout } = this.#child;
    if (stdout === null) throw new Error('the holder has no output');
    this.#lines = createInterface(stdout)[Symbol.asyncIterator]();
  }

  async says(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done === true) throw new Error('the holder ended');
    return value;
  }

  pause(): void {
    this.#child.kill('SIGSTOP');
  }

  async goOn(): Promise<Outcome> {
    this.#child.stdin?.write('go on\n');
    this.#child.kill('SIGCONT');
    return JSON.parse(await this.says()) as Outcome;
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }
}

/** Takes a build as soon as its lease has run out. @throws Error when that takes longer than a minute */
export async function takeWhenFree(client: BuildStateClient, build: string): Promise<number> {
  for (const deadline = performance.now() + 60_000; performance.now() < deadline; await sleep(50)) {
    try {
      return (await client.leases.take(build, { ttlSeconds: 600, takeOverDead: false })).token;
    } catch (error) {
      if (!(error instanceof StateInProgressError)) throw error;
    }
  }
  throw new Error(`the lease of build ${build} does not run out`);
}

/** The history of a build in words, with the names of its artifacts. */
export async function recordOf(client: BuildStateClient, build: string): Promise<string> {
  const attempts = await client.builds.attempts(build).all();
  const artifacts = await client.artifacts.list(build).all();
  const lines = attempts.map(({ state, attempt, status }) => `${state}#${attempt} ${status}`);
  return [...lines, ...artifacts.map(({ artifactName }) => artifactName)].join(', ');
}

/** A holder is paused past its time-to-live, another one finishes its state, and it goes on. What is wrong then. */
async function pauseOne(client: BuildStateClient, url: string): Promise<string[]> {
  const { id: build } = await client.builds.create({ project: 'images' });
  const holder = new Holder(url, build);
  try {
    await holder.says();
    holder.pause();
    const leaseToken = await takeWhenFree(client, build);
    await client.builds.record(build, { state: 35, status: 'started', leaseToken });
    const outcome = await holder.goOn();
    await client.builds.record(build, { state: 35, leaseToken });
    const found = { ...outcome, record: await recordOf(client, build) };
    const refused = 'lease_lost';
    const expected = { completes: refused, registers: refused, renews: refused, told: true };
    const wanted = { ...expected, record: '35#1 abandoned, 35#2 completed' };
    return JSON.stringify(found) === JSON.stringify(wanted)
      ? []
      : [`build ${build}: ${JSON.stringify(found)}`];
  } finally {
    await holder.end();
  }
}

/** Pauses holders, some at a time. */
export async function pauseHolders(url: string, holders: number, together: number): Promise<string[]> {
  const client = await connect(url, { apiKey: devKeys.write, env: {}, flushSpool: false });
  const faults: string[] = [];
  for (let done = 0; done < holders; done += together) {
    const some = Array.from({ length: Math.min(together, holders - done) }, () => pauseOne(client, url));
    faults.push(...(await Promise.all(some)).flat());
  }
  await client.close();
  return faults;
}
