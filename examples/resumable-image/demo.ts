// A build of a disk image that dies half-way and is finished by another worker, with a real server, real
// processes and a real SIGKILL. Exits with 0 only if the finished disk is the expected one and the record is right.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseArgs, promisify } from 'node:util';
import { checkRecord, killedState } from './demo/checks.ts';
import { screen as makeScreen, type Screen } from './demo/screen.ts';
import { type DemoServer, developmentKey, startServer } from './demo/server.ts';
import { saved, timeline } from './demo/timeline.ts';
import { type Artifact, type Attempt, Tracker } from './demo/tracker.ts';
import { startWorker, type Worker } from './demo/worker.ts';
import { bldst, environmentOf, makeWorkplace, type Workplace } from './demo/workplace.ts';
import { expectedSha256 } from './expected.ts';

const { values: flags } = parseArgs({ options: { keep: { type: 'boolean', default: false } } });
const execute = promisify(execFile);

/** What has to be ended when the demonstration ends early. */
const running: { server?: DemoServer; worker?: Worker } = {};

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** The first worker: killed while the longest state is in progress. */
async function dieHalfWay(workplace: Workplace, server: DemoServer, screen: Screen): Promise<void> {
  screen.heading(`Worker 1 builds, and is killed at state ${killedState}`);
  const worker = startWorker('worker 1', workplace.worker('worker-1'), server.url, screen);
  running.worker = worker;
  // In the middle of the state, on slow machines and on fast ones.
  const early = await Promise.race([worker.printed('built 24 of 96 modules'), worker.ended]);
  if (early !== undefined) throw new Error(`Worker 1 was to be killed, but ended with ${early}.`);
  await new Tracker(server.url).checkInProgress(killedState);
  worker.kill();
  screen.line('demo    ', `kill -9 ${worker.pid}`);
  const end = await worker.ended;
  if (end !== 'SIGKILL') throw new Error(`Worker 1 was to be killed, but ended with ${end}.`);
}

/** The second worker: another folder, another copy of the example, nothing built in it. */
async function finish(workplace: Workplace, server: DemoServer, screen: Screen): Promise<void> {
  screen.heading('Worker 2 continues, in another folder');
  const worker = startWorker('worker 2', workplace.worker('worker-2'), server.url, screen);
  running.worker = worker;
  const end = await worker.ended;
  if (end !== 0) throw new Error(`Worker 2 ended with ${end}.`);
}

/** Fetches the finished disk as any user would, and hashes it once more by other means. */
async function fetchDisk(workplace: Workplace, server: DemoServer, build: string): Promise<string> {
  const target = join(workplace.root, 'delivered.img');
  const env = environmentOf(workplace.root, { BLDST_TRACKER: server.url, BLDST_API_KEY: developmentKey });
  await execute(process.execPath, [bldst, 'artifact', 'download', build, 'disk-image', target], { env });
  return sha256Of(target);
}

async function judge(workplace: Workplace, server: DemoServer, screen: Screen): Promise<boolean> {
  const tracker = new Tracker(server.url);
  const build = await tracker.build();
  if (build === undefined) throw new Error('The tracker knows no build.');
  const attempts = await tracker.get<Attempt[]>(`/builds/${build.id}/states`);
  const artifacts = await tracker.get<Artifact[]>(`/builds/${build.id}/artifacts`);
  screen.heading(`Timeline of build ${build.project}:${build.build_number}, from the tracker`);
  for (const line of timeline(attempts)) screen.say(line);
  const kept = saved(attempts);
  screen.heading('What the resume saved');
  screen.say(
    `${kept.states.length} states (${kept.states.join(', ')}) and ${kept.seconds.toFixed(1)} s were not run again.`,
  );
  screen.heading('Result');
  const delivered = await fetchDisk(workplace, server, build.id);
  screen.say(`    SHA-256 of the disk: ${delivered}`);
  screen.say(`    expected:            ${expectedSha256}`);
  const checks = [
    { good: delivered === expectedSha256, text: 'the disk is the expected one, to the byte' },
    ...checkRecord(build, attempts, artifacts),
  ];
  for (const { good, text } of checks) screen.verdict(good, text);
  return checks.every(({ good }) => good);
}

function tellHowToStop(workplace: Workplace, server: DemoServer, screen: Screen): void {
  server.leave();
  screen.heading('The server stays up');
  screen.say(`address      ${server.url}`);
  screen.say(`API docs     ${server.docsUrl}`);
  screen.say(`look         BLDST_TRACKER=${server.url} BLDST_API_KEY=${developmentKey} npx bldst build list`);
  screen.say(`stop it      kill ${server.pid} && rm -rf ${workplace.root}`);
}

async function main(): Promise<boolean> {
  const screen = makeScreen();
  const workplace = makeWorkplace();
  let keeps = false;
  const stop = async () => {
    running.worker?.kill();
    await running.worker?.ended;
    await running.server?.stop();
    workplace.remove();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void stop().finally(() => process.exit(1)));
  }
  try {
    screen.heading('A tracker, with its embedded store');
    const server = await startServer(workplace.serverData);
    running.server = server;
    screen.say(`${server.url}   API docs: ${server.docsUrl}`);
    await dieHalfWay(workplace, server, screen);
    await finish(workplace, server, screen);
    const good = await judge(workplace, server, screen);
    keeps = flags.keep;
    if (keeps) tellHowToStop(workplace, server, screen);
    else screen.say(`\nAPI docs were at ${server.docsUrl}; npm run demo -- --keep leaves the server up.`);
    return good;
  } finally {
    if (!keeps) await stop();
  }
}

process.exitCode = (await main()) ? 0 : 1;
