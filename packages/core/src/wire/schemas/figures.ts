import { z } from 'zod';
import { attemptStatuses } from '../../build/status.ts';
import { bucketSizes } from '../../figures/buckets.ts';
import { comparedFields } from '../../figures/comparison.ts';
import { name, text, wholeNumber } from '../text.ts';
import { buildAnswer } from './builds.ts';
import { noQuery, page, stateQuery, time } from './common.ts';

const project = name()
  .optional()
  .describe('Id or name of the project. Without it: all that the key may read');
const platform = name().optional().describe('Id or name of the platform');
const period = (usual: string) =>
  text(20).optional().describe(`How far back: hours, days or weeks, such as 24h, 7d, 12w (default ${usual})`);

const count = z.int().min(0);
const rate = z.number().min(0).max(1).nullable();
const seconds = z.number().min(0).nullable();
const stretch = {
  period: z.string().describe('As it was asked for'),
  since: time.describe('Where the period begins'),
  until: time.describe('Where it ends: the moment of the answer'),
};
const truncated = z
  .boolean()
  .describe('Whether there were more records than are read for one answer, so that only the newest count');
const buildsTrimmed = count.describe(
  'Builds that ended in the period and whose history was trimmed since: their attempts are not counted',
);

const none = z.undefined();
const noParams = z.strictObject({});

/** `GET /builds/compare`. */
export const compareQuery = z.strictObject({
  ids: text(4096)
    .min(1)
    .describe(
      'Two to ten builds with commas between: ids, unique prefixes of them, or `project:build_number`',
    ),
});

/** Builds side by side. */
export const comparisonAnswer = z
  .object({
    builds: z.array(buildAnswer).describe('In the order asked for'),
    differing_states: count.describe('States at which something is not the same'),
    states: z
      .array(
        z.object({
          state: z.int(),
          state_name: z.string().describe("In the first build's project"),
          differs: z
            .array(z.enum(comparedFields.map(wireName) as [string, ...string[]]))
            .describe('What is not the same for all builds; durations never are, so they are left out'),
          builds: z
            .array(
              z.object({
                build_id: z.string(),
                status: z
                  .enum(attemptStatuses)
                  .nullable()
                  .describe('How the last attempt went; null: there was none'),
                attempts: count.describe('How many tries'),
                duration_seconds: seconds.describe('How long the last attempt took'),
                artifact_checksum: z
                  .string()
                  .nullable()
                  .describe(
                    'Digest without prefix of what the state produced last: that of its newest attempt which names one, else that of its newest live artifact',
                  ),
                message: z
                  .string()
                  .nullable()
                  .describe('What was said of the last attempt: its error, else its message'),
              }),
            )
            .describe('In the order of the builds'),
        }),
      )
      .describe('Every state that one of the builds tried or produced something at, ascending'),
  })
  .meta({ id: 'Comparison' });

function wireName(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

const buildCounts = {
  total_builds: count.describe('All builds that are not deleted'),
  active_builds: count.describe('Pending or running'),
  completed_builds: count,
  failed_builds: count,
  status_counts: z
    .object({ pending: count, running: count, completed: count, failed: count, cancelled: count })
    .describe('Builds by status; every status is there'),
  builds_by_state: z
    .record(z.string(), count)
    .describe('Builds by `current_state`; states without builds are left out'),
};
const recentBuilds = z.array(buildAnswer).describe('The ten newest builds, newest first');

/** The whole picture. */
export const dashboardAnswer = z
  .object({
    ...buildCounts,
    needs_attention: count.describe(
      'Builds that somebody should look at, of the newest thousand unfinished ones; counted at most every 15 seconds',
    ),
    builds_by_platform: z
      .record(z.string(), count)
      .describe('Builds by the name of their platform; those without one under `none`'),
    recent_builds: recentBuilds,
  })
  .meta({ id: 'DashboardSummary' });

/** The picture of one platform. */
export const platformDashboardAnswer = z
  .object({
    platform_id: z.string(),
    platform: z.string(),
    display_name: z.string().nullable(),
    ...buildCounts,
    recent_builds: recentBuilds,
  })
  .meta({ id: 'PlatformDashboard' });

const requestCounts = {
  requests: count.describe('Resume requests that were made in the period'),
  open: count.describe('Of them, still pending, triggered or running'),
  completed: count.describe('Of them, completed'),
  failed: count.describe('Of them, failed: the build failed again, or the job could not be started'),
  cancelled: count.describe('Of them, called off'),
  success_rate: rate.describe('completed / (completed + failed); null when there are neither'),
};

/** What became of resume requests. */
export const resumeStatsAnswer = z
  .object({
    ...stretch,
    ...requestCounts,
    builds: count.describe('Builds that the requests were made for'),
    median_seconds_to_complete: seconds.describe(
      'Median of the time from request to completion, of the completed requests',
    ),
    sources: z.array(z.object({ source: z.string(), count })).describe('Requests by who asked, most first'),
    states: z
      .array(z.object({ state: z.int(), ...requestCounts }))
      .describe('Requests by the state that they resumed at, ascending'),
    truncated,
  })
  .meta({ id: 'ResumeStats' });

/** What resuming has saved. */
export const timeSavedAnswer = z
  .object({
    ...stretch,
    resumes: count.describe('Resume requests of the period after which an attempt began'),
    saved_seconds: z
      .number()
      .min(0)
      .describe(
        'For each of these resumes: the durations of the completed attempts of the states before the one resumed at, as long as the state was not tried again before the next resume of the build. Of each state its last completed attempt counts, and only if somebody saw it start',
      ),
    attempts_kept: count.describe('Attempts whose work was kept in this way'),
    attempts_unmeasured: count.describe('Kept attempts that count no time, because their start was inferred'),
    truncated,
  })
  .meta({ id: 'TimeSaved' });

const usage = {
  artifacts: count.describe('Artifacts that are not deleted, superseded versions among them'),
  bytes: z.number().min(0).describe('The sum of their known sizes'),
  unsized: count.describe('How many of them have no known size'),
};

/** How much artifacts take. */
export const storageUsageAnswer = z
  .object({
    ...usage,
    backends: z
      .array(z.object({ storage_backend: z.string(), ...usage }))
      .describe('By backend, the largest first; spellings of the same one are one'),
    types: z.array(z.object({ artifact_type: z.string(), ...usage })).describe('By type, the largest first'),
  })
  .meta({ id: 'StorageUsage' });

/** How resumed builds stand. */
export const resumeSuccessAnswer = z
  .object({
    ...stretch,
    builds_resumed: count.describe('Builds for which at least one resume was asked in the period'),
    completed: count.describe('Of them, completed now'),
    failed: count.describe('Of them, failed now'),
    cancelled: count.describe('Of them, given up'),
    running: count.describe('Of them, pending or running'),
    success_rate: rate.describe('completed / (completed + failed + cancelled); null when there are none'),
    truncated,
  })
  .meta({ id: 'ResumeSuccess' });

const trendQuery = z.strictObject({
  project_id: project,
  platform_id: platform,
  state: stateQuery.optional(),
  component: name(100)
    .optional()
    .describe(
      'What did the work: what reports said, else infrastructure, configuration, validation or publishing by the state',
    ),
  period: period('30d'),
  bucket: z
    .enum(bucketSizes)
    .optional()
    .describe('Length of the pieces (default: hours up to two days, days up to two months, else weeks)'),
});
const bucket = z.enum(bucketSizes).describe('Length of the pieces; in UTC, weeks begin on Mondays');
const ofState = { project_id: z.string(), project: z.string(), state: z.int(), state_name: z.string() };
const bucketStart = time.describe('Where the piece begins');
const spread = {
  count: count.describe('Completed attempts with a start that somebody saw'),
  median_seconds: seconds.describe('Half of them took at most this'),
  p90_seconds: seconds.describe('Nine of ten took at most this'),
  min_seconds: seconds,
  max_seconds: seconds,
};

/** How long states take. */
export const durationTrendsAnswer = z
  .object({
    ...stretch,
    bucket,
    states: z
      .array(
        z.object({
          ...ofState,
          ...spread,
          buckets: z.array(z.object({ start: bucketStart, ...spread })),
        }),
      )
      .describe(
        'By project and state. Attempts count that were first reported in the period and are completed; inferred starts are left out',
      ),
    truncated,
    builds_trimmed: buildsTrimmed,
  })
  .meta({ id: 'DurationTrends' });

const failureCounts = {
  failures: count.describe('Failed attempts'),
  completions: count.describe('Completed attempts'),
  failure_rate: rate.describe('failures / (failures + completions); null when there are neither'),
};
const failureKinds = {
  categories: z.array(z.object({ category: z.string(), count })).describe('Failures by category, most first'),
  components: z
    .array(z.object({ component: z.string(), count }))
    .describe('Failures by component, most first'),
};

/** How often states fail. */
export const failureTrendsAnswer = z
  .object({
    ...stretch,
    bucket,
    ...failureCounts,
    ...failureKinds,
    states: z
      .array(
        z.object({
          ...ofState,
          ...failureCounts,
          ...failureKinds,
          buckets: z.array(z.object({ start: bucketStart, ...failureCounts })),
        }),
      )
      .describe(
        'By project and state, those that never failed left out. Attempts count that were first reported in the period',
      ),
    truncated,
    builds_trimmed: buildsTrimmed,
  })
  .meta({ id: 'FailureTrends' });

const figure = <Query extends z.ZodType, Answer extends z.ZodType>(query: Query, answer: Answer) => ({
  params: noParams,
  query,
  body: none,
  answer,
});
const ofProject = z.strictObject({ project_id: project });
const ofProjectSince = (usual: string) => z.strictObject({ project_id: project, period: period(usual) });

/** The schemas of everything that is answered over all builds. */
export const figureSchemas = {
  compareBuilds: figure(compareQuery, comparisonAnswer),
  getDashboardSummary: figure(ofProject, dashboardAnswer),
  listRecentBuilds: figure(
    z.strictObject({
      ...page,
      limit: wholeNumber(1, 100).optional().describe('How many (default 10, at most 100)'),
      project_id: project,
    }),
    z.array(buildAnswer),
  ),
  getPlatformDashboard: {
    params: z.strictObject({ id: name(100).describe('Id or name of the platform') }),
    query: noQuery,
    body: none,
    answer: platformDashboardAnswer,
  },
  getResumeStats: figure(ofProjectSince('30d'), resumeStatsAnswer),
  getTimeSaved: figure(ofProjectSince('30d'), timeSavedAnswer),
  getStorageUsage: figure(ofProject, storageUsageAnswer),
  getResumeSuccessRate: figure(ofProjectSince('7d'), resumeSuccessAnswer),
  getDurationTrends: figure(trendQuery, durationTrendsAnswer),
  getFailureTrends: figure(trendQuery, failureTrendsAnswer),
} as const;
