import { askServer } from '@buildstate/client';
import type { Environment } from '@buildstate/node-runtime';
import { notAServer } from './not-a-server.ts';

/** What a server says about itself. */
export interface ServerStatus {
  /** Its version. */
  readonly version: string;
  /** Seconds since it was started. */
  readonly uptime: number;
  /** Whether it starts, serves or drains. */
  readonly status: string;
}

/**
 * Asks a server about itself.
 * @param env the environment, for its proxies
 * @throws UnreachableError when it does not answer; RemoteError when it answers something else
 */
export async function serverStatus(url: string, env: Environment): Promise<ServerStatus> {
  const reply = await askServer({ url, path: '/status', env });
  const { version, uptime, status } = reply.body as Partial<ServerStatus>;
  if (typeof version === 'string' && typeof uptime === 'number' && typeof status === 'string') {
    return { version, uptime, status };
  }
  throw notAServer(reply);
}
