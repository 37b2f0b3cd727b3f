/** What searches and figures answer, for the API's documentation. */
export const figureDescriptions = {
  promoteArtifact:
    'Marks an artifact final and its build releasable (`releasable_at`), with who and why. Again: nothing changes. Refused with `not_promotable` when the artifact is deleted, superseded, missing, corrupt or expired.',
  pinArtifact:
    'Sets `pinned_at`: clean-up leaves a pinned artifact alone, and its record cannot be deleted (`artifact_pinned`).',
  unpinArtifact: 'Clears `pinned_at`. An artifact that is not pinned stays as it is.',
  getLineage:
    'Follows `parents` both ways over all builds, up to `depth` steps and 1,000 artifacts in each direction. Every relative is named once, at its smallest distance; parents that are not there, or that the key may not read, by id alone.',
  searchArtifacts:
    'Artifacts of all builds that the key may read, each with its build. With `checksum` it answers who has these bytes; with `parent_id` what was made from an artifact. Superseded and deleted ones only with `include_deleted=true`; those of deleted builds never.',
  compareBuilds:
    'Every state that one of the builds tried or produced something at: status, tries, duration, digest and message of each build, and in `differs` what is not the same for all.',
  getDashboardSummary:
    'Counts of all builds that are not deleted by status, state and platform, and the ten newest.',
  listRecentBuilds: 'The newest builds as lists show them, ten unless `limit` says otherwise.',
  getPlatformDashboard: 'The same counts for the builds for one platform, by its id or name.',
  getResumeStats:
    'Resume requests that were made in the period: how many completed, failed or wait, who asked for them, and at which states they resumed.',
  getTimeSaved:
    'For each resume of the period, the durations of the completed attempts before the state resumed at that did not have to be done again. Attempts whose start was inferred count no time.',
  getStorageUsage:
    'How many artifacts there are and the sum of their known sizes, by backend and by type. Superseded versions count, deleted ones do not.',
  getResumeSuccessRate: 'The builds for which a resume was asked in the period, by how they stand now.',
  getDurationTrends:
    'Median, 90th percentile and extremes of the durations of completed attempts by project, state and piece of the period. Attempts whose start was inferred are left out. At most 100,000 attempts are read, the newest; `truncated` says so.',
  getFailureTrends:
    'Failed and completed attempts by project, state and piece of the period, the failed ones also by category and component. At most 100,000 attempts are read, the newest; `truncated` says so.',
} as const;
