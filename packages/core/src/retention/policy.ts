import { ConfigurationError } from '../errors/configuration-error.ts';

/** How long what is known of a build is kept once it has ended. */
export interface RetentionPolicy {
  /** Days after its end for which all of it is there. */
  readonly fullHistoryDays: number;
  /** Days after that for which there is a snapshot of each week in which it changed. */
  readonly snapshotDays: number;
}

/** What holds where nothing else was set. */
export const defaultRetention: RetentionPolicy = { fullHistoryDays: 30, snapshotDays: 365 };

/** Longest time that can be set, in days: a hundred years. */
export const mostRetentionDays = 36_500;

/** What holds in a project. */
export function retentionOf(
  project: { readonly retention: RetentionPolicy | null },
  ofStore: RetentionPolicy,
): RetentionPolicy {
  return project.retention ?? ofStore;
}

const dayMs = 86_400_000;

/** When the history of a build that ended then goes, in milliseconds since the epoch. */
export function historyGoesAt(policy: RetentionPolicy, endedAt: number): number {
  return endedAt + policy.fullHistoryDays * dayMs;
}

/** When its snapshots go, in milliseconds since the epoch. */
export function snapshotsGoAt(policy: RetentionPolicy, endedAt: number): number {
  return historyGoesAt(policy, endedAt) + policy.snapshotDays * dayMs;
}

/** The variables that say how long histories are kept where projects say nothing of their own. */
export const retentionVariables = {
  fullHistoryDays: 'BLDST_RETENTION_FULL_DAYS',
  snapshotDays: 'BLDST_RETENTION_SNAPSHOT_DAYS',
} as const satisfies Record<keyof RetentionPolicy, string>;

function daysIn(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined || text.trim() === '') return otherwise;
  const days = Number(text);
  if (Number.isInteger(days) && days >= 0 && days <= mostRetentionDays) return days;
  throw new ConfigurationError(
    `${name} must be a whole number of days from 0 to ${mostRetentionDays}, not "${text}".`,
  );
}

/**
 * What settings say, and defaults where they say nothing.
 * @param settings environment variables
 * @throws ConfigurationError that names the one that cannot be used
 */
export function retentionIn(settings: Readonly<Record<string, string | undefined>>): RetentionPolicy {
  const days = (field: keyof RetentionPolicy) =>
    daysIn(retentionVariables[field], settings[retentionVariables[field]], defaultRetention[field]);
  return { fullHistoryDays: days('fullHistoryDays'), snapshotDays: days('snapshotDays') };
}
