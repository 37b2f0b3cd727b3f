import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bldst, environmentOf } from './workplace.ts';

/** A key that `bldst serve --dev` accepts, on this machine only. */
export const developmentKey = 'dev-key-12345';

/** A server that was started for the demonstration. */
export interface DemoServer {
  /** Its address. */
  readonly url: string;
  /** Where its API is described. */
  readonly docsUrl: string;
  /** Its process. */
  readonly pid: number;
  /** Ends it and waits until it has ended. */
  stop(): Promise<void>;
  /** Lets it run on after this process has ended. */
  leave(): void;
}

interface Announcement {
  readonly url: string;
  readonly docs_url: string;
}

function announced(path: string): Announcement | undefined {
  const text = readFileSync(path, 'utf8');
  return text.trimEnd().endsWith('}') ? (JSON.parse(text) as Announcement) : undefined;
}

async function untilAnnounced(child: ChildProcess, path: string, logPath: string): Promise<Announcement> {
  for (let turn = 0; turn < 300; turn++) {
    const announcement = announced(path);
    if (announcement !== undefined) return announcement;
    if (child.exitCode !== null) break;
    await sleep(100);
  }
  throw new Error(`The server did not start.\n${readFileSync(logPath, 'utf8')}`);
}

/** Starts a server on a free port of this machine, with its embedded store in a folder. */
export async function startServer(folder: string): Promise<DemoServer> {
  mkdirSync(folder, { recursive: true });
  const [outPath, logPath] = [join(folder, 'announcement.json'), join(folder, 'server.log')];
  const child = spawn(
    process.execPath,
    [bldst, 'serve', '--dev', '--port', '0', '--data-dir', join(folder, 'data'), '--json'],
    {
      cwd: folder,
      env: environmentOf(folder),
      // In a session of its own, so that Ctrl-C in this terminal does not end it before the workers.
      detached: true,
      stdio: ['ignore', openSync(outPath, 'w'), openSync(logPath, 'w')],
    },
  );
  const { url, docs_url: docsUrl } = await untilAnnounced(child, outPath, logPath);
  return {
    url,
    docsUrl,
    pid: child.pid ?? 0,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
    leave: () => child.unref(),
  };
}
