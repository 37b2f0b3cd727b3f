import type { BuildStatus } from '../build/status.ts';
import type { BuildTally } from '../ports/searches.ts';
import { groupBy } from './group-by.ts';

/** How many builds stand how. */
export interface BuildCountFigures {
  /** All. */
  readonly totalBuilds: number;
  /** Pending or running. */
  readonly activeBuilds: number;
  /** Completed. */
  readonly completedBuilds: number;
  /** Failed. */
  readonly failedBuilds: number;
  /** By status; every status is there. */
  readonly statusCounts: Readonly<Record<BuildStatus, number>>;
  /** By `current_state`; states without builds are left out. */
  readonly buildsByState: Readonly<Record<string, number>>;
}

const sum = (tallies: readonly BuildTally[]) => tallies.reduce((all, { count }) => all + count, 0);

/** How many builds there are by a key of theirs. */
export function countsBy(
  tallies: readonly BuildTally[],
  keyOf: (tally: BuildTally) => string,
): Record<string, number> {
  return Object.fromEntries([...groupBy(tallies, keyOf)].map(([key, some]) => [key, sum(some)]));
}

/** How many builds stand how, from a tally by status and state. */
export function buildCounts(tallies: readonly BuildTally[]): BuildCountFigures {
  const none: Record<BuildStatus, number> = { pending: 0, running: 0, completed: 0, failed: 0, cancelled: 0 };
  const statusCounts = { ...none, ...countsBy(tallies, ({ status = '' }) => status) };
  return {
    totalBuilds: sum(tallies),
    activeBuilds: statusCounts.pending + statusCounts.running,
    completedBuilds: statusCounts.completed,
    failedBuilds: statusCounts.failed,
    statusCounts,
    buildsByState: countsBy(tallies, ({ currentState = 0 }) => String(currentState)),
  };
}
