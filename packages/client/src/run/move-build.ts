import type { BuildDetails } from '../api/builds.ts';
import type { BuildHandle } from '../step/state/build-handle.ts';
import type { Surroundings } from '../step/surroundings.ts';
import type { RunOutlook } from './look-at-build.ts';

/** How people call a build. */
export function labelOf({ project, buildNumber }: Pick<BuildDetails, 'project' | 'buildNumber'>): string {
  return `${project}:${buildNumber}`;
}

/** Whether anything is to be run. */
export function hasWork({ plan }: RunOutlook): boolean {
  return plan.entries.some(({ action }) => action === 'run');
}

/** Whether a build accepts nothing more. */
export function isClosed({ status }: Pick<BuildDetails, 'status'>): boolean {
  return status === 'completed' || status === 'cancelled';
}

/** Does what has to be recorded before the first state: going back, or clearing another state's failure. */
export async function moveTo(around: Surroundings, build: BuildHandle, { plan }: RunOutlook): Promise<void> {
  const { client, notes } = around;
  const leaseToken = build.lease?.token;
  if (plan.rollback !== undefined) {
    const { target, reason } = plan.rollback;
    notes.info(`${reason} Going back to state ${target}.`);
    await client.builds.rollback(build.id, { targetState: target, reason, leaseToken });
  }
  if (plan.clearFailure !== undefined) {
    await client.builds.retry(build.id, { reason: plan.clearFailure, leaseToken });
  }
}
