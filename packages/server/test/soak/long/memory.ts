import { setTimeout as sleep } from 'node:timers/promises';
import { serverProcess } from '../../support/server-process.ts';
import { storeFor } from '../../support/store-for.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { Writers } from '../crash/writers.ts';
import { residentMemory, slopeOf } from '../memory/resident-memory.ts';

/** What an idle server may take, in MiB. */
const idleLimit = 120;
/** What the memory under load may grow from one end to the other of the second half, in MiB. */
const growthLimit = 15;
const sampleMs = 1000;

/** `npm run soak -- memory [minutes] [sqlite|folder|file|postgres]`: idle for a while, then under load. */
const [minutes = '60', kind = 'postgres'] = process.argv.slice(2);
const folder = await temporaryFolder();
const place = await storeFor(kind, folder.path);
const server = await serverProcess(folder.path, place.url, { built: true });
const faults: string[] = [];
try {
  await sleep(10_000);
  const idle = residentMemory(server.pid);
  if (idle >= idleLimit) faults.push(`an idle server takes ${idle.toFixed(1)} MiB`);
  const writers = await Writers.start(server.url, 8);
  const samples: number[] = [];
  const end = performance.now() + Number(minutes) * 60_000;
  while (performance.now() < end) {
    await sleep(sampleMs);
    samples.push(residentMemory(server.pid));
  }
  await writers.stop();
  await writers.close();
  // Caches and the compiler's results have grown to their size in the first half.
  const half = samples.slice(samples.length / 2);
  const growth = slopeOf(half) * half.length;
  if (growth > growthLimit) faults.push(`the second half of the load added ${growth.toFixed(1)} MiB`);
  faults.push(...writers.faults);
  const inMiB = {
    idle: Math.round(idle),
    middle: Math.round(half[0] ?? 0),
    last: Math.round(half.at(-1) ?? 0),
    most: Math.round(Math.max(...samples)),
    growth: Math.round(growth * 10) / 10,
  };
  const { acknowledged } = writers;
  process.stdout.write(
    `${JSON.stringify({ suite: 'memory', store: kind, minutes: Number(minutes), acknowledged, inMiB, faults })}\n`,
  );
  process.exitCode = faults.length === 0 ? 0 : 1;
} finally {
  await server.end('SIGTERM');
  await place.remove();
  await folder.remove();
}
