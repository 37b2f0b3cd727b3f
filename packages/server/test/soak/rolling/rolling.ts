import { freePort } from '../../support/free-port.ts';
import { RoundRobin } from '../../support/round-robin.ts';
import { type ServerProcess, serverProcess } from '../../support/server-process.ts';
import { lookAtAll, verifyStore } from '../crash/look.ts';
import { Writers } from '../crash/writers.ts';

/** Which instances are restarted. */
export interface RollingOptions {
  /** The servers' folder. */
  readonly folder: string;
  /** The store that they share. */
  readonly url: string;
  /** Times that one of them is ended and started again. */
  readonly restarts: number;
  /** Whether the servers are those that were built. @default false */
  readonly built?: boolean;
}

/** What came of it. */
export interface RollingResult {
  readonly restarts: number;
  readonly acknowledged: number;
  /** What is wrong, one sentence each: errors that clients saw among them. */
  readonly faults: readonly string[];
}

const instances = 3;
const writersAtOnce = 6;

/** Restarts one instance after the other behind a load balancer, under load from the official client. */
export async function rollingRestarts(options: RollingOptions): Promise<RollingResult> {
  const { folder, url, restarts, built = false } = options;
  const ports: number[] = [];
  while (ports.length < instances) ports.push(await freePort());
  const start = (port: number): Promise<ServerProcess> => serverProcess(folder, url, { port, built });
  const servers = new Map<number, ServerProcess>();
  for (const port of ports) servers.set(port, await start(port));
  const balancer = await RoundRobin.start(ports);
  for (const port of ports) await balancer.untilReady(port);
  // With the limits and repeats that everybody has who says nothing.
  const writers = await Writers.start(balancer.url, writersAtOnce);
  const faults: string[] = [];
  try {
    for (let restart = 0; restart < restarts; restart++) {
      const port = ports[restart % ports.length] as number;
      const end = await servers.get(port)?.end('SIGTERM');
      if (end?.code !== 0) faults.push(`an instance ended with ${JSON.stringify(end)}`);
      servers.set(port, await start(port));
      await balancer.untilReady(port);
    }
    await writers.stop();
    if (writers.repeated > 0) faults.push(`clients saw ${writers.repeated} errors`);
    faults.push(...writers.faults, ...(await lookAtAll(writers)));
  } finally {
    await writers.close();
    balancer.close();
    for (const server of servers.values()) await server.end('SIGTERM');
  }
  faults.push(...(await verifyStore(url)));
  return { restarts, acknowledged: writers.acknowledged, faults };
}
