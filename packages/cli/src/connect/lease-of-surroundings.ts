import type { BuildStateClient } from '@buildstate/client';
import type { Environment } from '@buildstate/node-runtime';
import { UsageError } from '../errors/usage-error.ts';

/** The lease that a command runs under. */
export interface SurroundingLease {
  /** Its fencing token. */
  readonly token: number;
  /** The build that it is for, where the environment says so. */
  readonly build: string | undefined;
}

/**
 * The lease that `step`, `run` and `bldst build lease … -- COMMAND` hand on to what they run.
 * @throws UsageError when the environment holds something else
 */
export function leaseOfSurroundings(env: Environment): SurroundingLease | undefined {
  if (!env.BLDST_LEASE_TOKEN) return undefined;
  if (/^[1-9]\d{0,14}$/.test(env.BLDST_LEASE_TOKEN)) {
    return { token: Number(env.BLDST_LEASE_TOKEN), build: env.BLDST_BUILD_ID || undefined };
  }
  throw new UsageError('BLDST_LEASE_TOKEN must be the token of a lease, a whole number.');
}

const fullId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The full id of a build that is named some other way; `undefined` when the tracker does not tell. */
async function idOf(build: string, client: () => Promise<BuildStateClient>): Promise<string | undefined> {
  if (fullId.test(build)) return build.toLowerCase();
  // Whatever is wrong with the name or the tracker, the command's own request meets it and says so.
  return (await client()).builds.resolve(build).catch(() => undefined);
}

/**
 * Whether a lease is for a build. A tracker is asked only when the two are named differently and not by their ids.
 *
 * @param build as the command line names it
 * @param client opens the tracker
 */
export async function isLeaseFor(
  lease: SurroundingLease,
  build: string,
  client: () => Promise<BuildStateClient>,
): Promise<boolean> {
  if (lease.build === undefined || lease.build === build) return true;
  const [held, named] = [await idOf(lease.build, client), await idOf(build, client)];
  return held !== undefined && held === named;
}
