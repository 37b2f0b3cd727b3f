import type {
  DashboardSummary,
  DurationTrends,
  FailureTrends,
  PlatformDashboard,
  ResumeStats,
  ResumeSuccess,
  StorageUsage,
  TimeSaved,
} from '@buildstate/client';
import { byteSize, progressBar, shortDuration } from '../output/amounts.ts';
import type { Style } from '../output/style.ts';
import { details, table } from '../output/table.ts';
import type { View } from '../output/view.ts';
import { buildLine, paintStatus } from './build.ts';

const percent = (share: number | null) => (share === null ? undefined : `${Math.round(share * 1000) / 10}%`);
const took = (seconds: number | null) => (seconds === null ? undefined : shortDuration(seconds));
const truncatedLine = (truncated: boolean) =>
  truncated ? '\nThere was more than is read for one answer: only the newest counts.' : '';

/** What a figure over attempts cannot count any more. An older server does not say. */
const trimmedLine = (builds = 0) =>
  builds === 0
    ? ''
    : `\nWithout ${builds} ${builds === 1 ? 'build' : 'builds'} of the period whose history was trimmed since.`;

/** Names with their numbers, each with a bar as long as its part of the largest. */
function bars(style: Style, title: string, counts: Readonly<Record<string, number>>): string {
  const rows = Object.entries(counts).filter(([, count]) => count > 0);
  const most = Math.max(1, ...rows.map(([, count]) => count));
  return table(style, rows, [
    { title, value: ([name]) => name, cuttable: true },
    { title: 'Builds', value: ([, count]) => String(count), align: 'right' },
    { title: '', value: ([, count]) => progressBar((100 * count) / most) },
  ]);
}

function newestText(style: Style, builds: DashboardSummary['recentBuilds']): string {
  if (builds.length === 0) return 'No builds.';
  return table(style, builds, [
    { title: 'Newest', value: buildLine, cuttable: true },
    {
      title: 'Status',
      value: ({ status }) => status,
      paint: (text, { status }) => paintStatus(style, status, text),
    },
  ]);
}

/** How builds stand at a glance: of all, or for one platform. */
export function dashboardView(summary: DashboardSummary | PlatformDashboard): View {
  return {
    body: summary,
    ids: () => summary.recentBuilds.map(({ id }) => id),
    text: (style) =>
      [
        details(style, [
          ['Platform', 'platform' in summary ? (summary.displayName ?? summary.platform) : undefined],
          ['Builds', String(summary.totalBuilds)],
          ['Active', String(summary.activeBuilds)],
          ['Completed', String(summary.completedBuilds)],
          ['Failed', String(summary.failedBuilds), summary.failedBuilds > 0 ? style.bad : undefined],
        ]),
        ...(summary.totalBuilds === 0
          ? []
          : [
              bars(style, 'Status', summary.statusCounts),
              bars(style, 'At state', summary.buildsByState),
              ...('buildsByPlatform' in summary ? [bars(style, 'Platform', summary.buildsByPlatform)] : []),
            ]),
        newestText(style, summary.recentBuilds),
      ].join('\n\n'),
  };
}

/** How long states take. */
export function durationTrendsView(trends: DurationTrends): View {
  return {
    body: trends,
    text: (style) =>
      trends.states.length === 0
        ? `No completed attempts with a known start in the last ${trends.period}.`
        : table(style, trends.states, [
            { title: 'Project', value: ({ project }) => project, cuttable: true },
            { title: 'State', value: ({ state, stateName }) => `${state} ${stateName}`, cuttable: true },
            { title: 'Attempts', value: ({ count }) => String(count), align: 'right' },
            { title: 'Median', value: ({ medianSeconds }) => took(medianSeconds), align: 'right' },
            { title: '90%', value: ({ p90Seconds }) => took(p90Seconds), align: 'right' },
            { title: 'Slowest', value: ({ maxSeconds }) => took(maxSeconds), align: 'right' },
            {
              title: `By ${trends.bucket}`,
              value: ({ buckets }) => buckets.map(({ medianSeconds }) => took(medianSeconds)).join(' '),
              cuttable: true,
            },
          ]) +
          truncatedLine(trends.truncated) +
          trimmedLine(trends.buildsTrimmed),
  };
}

/** How often states fail. */
export function failureTrendsView(trends: FailureTrends): View {
  const kinds = (named: readonly (readonly [name: string, count: number])[]) =>
    named.map(([name, count]) => `${name} ${count}`).join(', ');
  return {
    body: trends,
    text: (style) =>
      trends.failures === 0
        ? `No failures in the last ${trends.period}.`
        : `${details(style, [
            ['Failures', String(trends.failures)],
            ['Of attempts', percent(trends.failureRate)],
            ['Categories', kinds(trends.categories.map(({ category, count }) => [category, count]))],
            ['Components', kinds(trends.components.map(({ component, count }) => [component, count]))],
          ])}\n\n${table(style, trends.states, [
            { title: 'Project', value: ({ project }) => project, cuttable: true },
            { title: 'State', value: ({ state, stateName }) => `${state} ${stateName}`, cuttable: true },
            { title: 'Failures', value: ({ failures }) => String(failures), align: 'right' },
            { title: 'Rate', value: ({ failureRate }) => percent(failureRate), align: 'right' },
            { title: '', value: ({ failureRate }) => progressBar(100 * (failureRate ?? 0)) },
          ])}${truncatedLine(trends.truncated)}${trimmedLine(trends.buildsTrimmed)}`,
  };
}

/** What resuming is good for. */
export interface ResumeFigures {
  /** What became of resume requests. */
  readonly stats: ResumeStats;
  /** What resuming has saved. */
  readonly timeSaved: TimeSaved;
  /** How resumed builds stand. */
  readonly success: ResumeSuccess;
}

/** What resuming is good for. */
export function resumeFiguresView(figures: ResumeFigures): View {
  const { stats, timeSaved, success } = figures;
  return {
    body: figures,
    text: (style) =>
      details(style, [
        ['Period', stats.period],
        ['Resumes asked for', `${stats.requests}, for ${stats.builds} builds`],
        ['Waiting', String(stats.open)],
        ['Completed', String(stats.completed)],
        ['Failed again', String(stats.failed)],
        ['Succeeded', percent(stats.successRate)],
        ['Usually done after', took(stats.medianSecondsToComplete)],
        [
          'Resumed builds',
          `${success.completed} completed, ${success.failed} failed, ${success.running} going on`,
        ],
        ['Work not done again', shortDuration(timeSaved.savedSeconds), style.good],
      ]) + truncatedLine(stats.truncated || timeSaved.truncated),
  };
}

/** How much artifacts take. */
export function storageUsageView(usage: StorageUsage): View {
  const part = (bytes: number) => progressBar(usage.bytes === 0 ? 0 : (100 * bytes) / usage.bytes);
  const rows = [
    ...usage.backends.map((one) => ({ ...one, name: one.storageBackend })),
    ...usage.types.map((one) => ({ ...one, name: one.artifactType })),
  ];
  return {
    body: usage,
    text: (style) =>
      usage.artifacts === 0
        ? 'No artifacts.'
        : `${details(style, [
            ['Artifacts', String(usage.artifacts)],
            ['Size', byteSize(usage.bytes)],
            ['Of unknown size', usage.unsized > 0 ? String(usage.unsized) : undefined],
          ])}\n\n${table(style, rows, [
            { title: 'Backend or type', value: ({ name }) => name, cuttable: true },
            { title: 'Artifacts', value: ({ artifacts }) => String(artifacts), align: 'right' },
            { title: 'Size', value: ({ bytes }) => byteSize(bytes), align: 'right' },
            { title: '', value: ({ bytes }) => part(bytes) },
          ])}`,
  };
}
