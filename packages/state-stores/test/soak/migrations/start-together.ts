import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { checkStore } from '../../../src/moving/check-store.ts';
import { openStateStore } from '../../../src/registry.ts';
import { makeOlder, newestVersion, notedVersions } from './older-database.ts';

const script = fileURLToPath(new URL('./open-when-told.ts', import.meta.url));

/** Instances that start at once. */
export interface TogetherOptions {
  /** An empty database. */
  readonly url: string;
  /** The version of the schema that is there before; 0: none. */
  readonly from: number;
  /** How many instances. */
  readonly instances: number;
  /** Whether one of them is killed meanwhile. */
  readonly killsOne: boolean;
  /** Whether they run what was built. @default false */
  readonly built?: boolean;
}

interface Instance {
  readonly child: ChildProcess;
  readonly ended: Promise<string | undefined>;
}

async function startInstance(built: boolean): Promise<Instance> {
  const conditions = built ? [] : ['--conditions=@buildstate/source'];
  const child = spawn(process.execPath, [...conditions, script], { stdio: 'pipe' });
  let problems = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    problems += text;
  });
  const ended = once(child, 'close').then(([code]) =>
    code === 0 ? undefined : `an instance ended with ${code}: ${problems}`,
  );
  await Promise.race([once(child.stdout, 'data'), ended]);
  return { child, ended };
}

/** Lets instances open one database at the same time; answers what is wrong afterwards, one sentence each. */
export async function startTogether(options: TogetherOptions): Promise<string[]> {
  const { url, from, instances, killsOne, built = false } = options;
  const whole = await makeOlder(url, from);
  const started = await Promise.all(Array.from({ length: instances }, () => startInstance(built)));
  for (const { child } of started) child.stdin?.end(`${url}\n`);
  const [killed, ...others] = started;
  if (killsOne) {
    await sleep(Math.random() * 80);
    killed?.child.kill('SIGKILL');
  }
  const ends = await Promise.all((killsOne ? others : started).map(({ ended }) => ended));
  await killed?.ended;
  const faults = ends.filter((end) => end !== undefined);
  const versions = await notedVersions(url);
  const each = Array.from({ length: newestVersion }, (_, index) => index + 1);
  if (!isDeepStrictEqual(versions, each))
    faults.push(`from ${from}: the database notes ${versions.join(', ')}`);
  const store = await openStateStore(url);
  for await (const problem of checkStore(store)) faults.push(`from ${from}: ${problem}`);
  if (whole !== undefined) {
    const kept = await store.loadWholeBuild(whole.head.build.id);
    if (!isDeepStrictEqual(kept, whole)) faults.push(`from ${from}: the build is not what it was`);
  }
  await store.close();
  return faults;
}
