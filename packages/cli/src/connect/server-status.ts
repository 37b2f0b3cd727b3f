import { RemoteError, UnreachableError } from '@buildstate/core/light';

/** What a server says about itself. */
export interface ServerStatus {
  /** Its version. */
  readonly version: string;
  /** Seconds since it was started. */
  readonly uptime: number;
  /** Whether it starts, serves or drains. */
  readonly status: string;
}

/** How long it is waited for, in milliseconds. */
const patience = 10_000;

/**
 * Asks a server about itself.
 * @throws UnreachableError when it does not answer; RemoteError when it answers something else
 */
export async function serverStatus(url: string): Promise<ServerStatus> {
  const address = `${url.replace(/\/+$/, '')}/status`;
  let response: Response;
  try {
    response = await fetch(address, { signal: AbortSignal.timeout(patience), redirect: 'error' });
  } catch (cause) {
    throw new UnreachableError(`${address} does not answer.`, { cause });
  }
  const answer = response.ok ? ((await response.json()) as Partial<ServerStatus>) : undefined;
  const { version, uptime, status } = answer ?? {};
  if (typeof version === 'string' && typeof uptime === 'number' && typeof status === 'string') {
    return { version, uptime, status };
  }
  throw new RemoteError(
    `${address} answered ${response.status}: this is not a BuildState server.`,
    'not_a_server',
    'failed',
  );
}
