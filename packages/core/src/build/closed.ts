import { BuildClosedError } from '../errors/build-closed-error.ts';
import type { Build } from './build.ts';

/** Whether a build has ended: completed, cancelled or deleted. A failed one can go on. */
export function hasEnded({ status, deletedAt }: Pick<Build, 'status' | 'deletedAt'>): boolean {
  return status === 'completed' || status === 'cancelled' || deletedAt !== null;
}

/**
 * Refuses builds that accept nothing more.
 * @throws BuildClosedError
 */
export function checkNotClosed(build: Build): void {
  if (build.status !== 'completed' && build.status !== 'cancelled') return;
  throw new BuildClosedError(
    `Build ${build.project}:${build.buildNumber} is ${build.status} and accepts nothing more. ` +
      'Start another one with `bldst build create` or `bldst run --new`.',
    { context: { build_id: build.id, status: build.status } },
  );
}
