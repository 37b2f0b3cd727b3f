import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../support/free-port.ts';
import { type ServerProcess, serverProcess } from '../../support/server-process.ts';
import type { PlaceOfStore } from '../../support/store-for.ts';
import { lookAtAll, verifyStore } from './look.ts';
import { compareWithTold, type Told } from './told.ts';
import { Writers } from './writers.ts';

/** What is done to a server and its database while clients report. */
export interface CrashOptions {
  /** Where builds are kept. */
  readonly place: PlaceOfStore;
  /** The server's folder. */
  readonly folder: string;
  /** Times that the server is killed. */
  readonly kills: number;
  /** Reports that are acknowledged at least. */
  readonly reports: number;
  /** Times that the database is ended as by a power failure, where the store has a server. */
  readonly restarts: number;
  /** Whether the server is the one that was built. @default false */
  readonly built?: boolean;
  /** Is told about every kill. @default nobody is */
  readonly onKill?: (kills: number, acknowledged: number) => void;
}

/** What came of it. */
export interface CrashResult {
  readonly kills: number;
  readonly restarts: number;
  readonly acknowledged: number;
  /** How often clients had no answer and told it again. */
  readonly repeated: number;
  readonly builds: number;
  /** What is wrong, one sentence each. */
  readonly faults: readonly string[];
}

const writersAtOnce = 8;
/** Short pauses, so that clients are there as soon as the server is. */
const patience = { timeouts: { tryMs: 20_000, totalMs: 60_000 }, retry: { tries: 4, maxPauseMs: 200 } };
/** Builds whose history is read after every kill; all of them are read at the end. */
const lookedAt = 4;

const pause = () => sleep(Math.random() * 60);

async function lookAfterKill(writers: Writers, before: Told): Promise<string[]> {
  const faults: string[] = [];
  for (const [build, { acknowledged }] of [...before].slice(-lookedAt)) {
    if (acknowledged.length === 0) continue;
    // More may have been sent since: what matters now is what had been acknowledged.
    const kept = await writers.kept(build);
    faults.push(...compareWithTold(build, kept, acknowledged, writers.told.get(build)?.sent ?? new Set()));
  }
  return faults;
}

/** Kills the server, and ends its database, as often as is asked for while clients report; looks at what is left. */
export async function crash(options: CrashOptions): Promise<CrashResult> {
  const { place, folder, kills, reports, restarts, built = false, onKill } = options;
  const port = await freePort();
  const start = (): Promise<ServerProcess> => serverProcess(folder, place.url, { port, built });
  const faults: string[] = [];
  let server = await start();
  let restarted = 0;
  const writers = await Writers.start(server.url, writersAtOnce, patience);
  try {
    for (let kill = 1; kill <= kills; kill++) {
      const due = Math.ceil((reports * kill) / kills);
      while (writers.acknowledged < due && writers.faults.length === 0) await sleep(5);
      await pause();
      if (place.restart !== undefined && restarted < Math.floor((restarts * kill) / kills)) {
        await place.restart();
        restarted += 1;
        await pause();
      }
      const before = writers.snapshot();
      await server.end('SIGKILL');
      onKill?.(kill, writers.acknowledged);
      server = await start();
      faults.push(...(await lookAfterKill(writers, before)));
      if (faults.length + writers.faults.length > 0) break;
    }
    await writers.stop();
    faults.push(...writers.faults, ...(await lookAtAll(writers)));
  } finally {
    await writers.close();
    await server.end('SIGTERM');
  }
  faults.push(...(await verifyStore(place.url)));
  const { acknowledged, repeated, told } = writers;
  return { kills, restarts: restarted, acknowledged, repeated, builds: told.size, faults };
}
