import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningServer, type ServerOptions, startServer } from '@buildstate/server';

/** A real server on loopback with the development keys. */
export interface LiveServer {
  /** Where it listens. */
  readonly url: string;
  /** Its port, so that it can be started again at the same place. */
  readonly port: number;
  /** Its folder. */
  readonly dataDir: string;
  /** Stops it; its data stays. */
  stop(): Promise<void>;
  /** Stops it and removes its data. */
  remove(): Promise<void>;
}

/** What the administrator of a development server sends. */
export const adminKey = 'admin-key-99999';

/** Starts a server. Everything it writes lies in a folder of its own, or in `options.dataDir`. */
export async function liveServer(options: ServerOptions = {}): Promise<LiveServer> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'bldst-live-')));
  const server: RunningServer = await startServer({
    port: 0,
    dev: true,
    noticeMs: 0,
    drainMs: 500,
    environment: {},
    log: { level: 'silent' },
    ...options,
    dataDir,
  });
  const stop = () => server.close();
  return {
    url: server.url,
    port: server.port,
    dataDir,
    stop,
    async remove() {
      await stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
