import type { JobRecord } from '@buildstate/client';
import { columnMoment, moment } from '../output/amounts.ts';
import { details, table } from '../output/table.ts';
import type { View } from '../output/view.ts';

/** One CI job behind a build. */
export function jobView(job: JobRecord): View {
  return {
    body: job,
    ids: () => [job.id],
    variables: () => ({ BLDST_BUILD_ID: job.buildId }),
    text: (style) =>
      details(style, [
        ['Id', job.id],
        ['Build', job.buildId],
        ['Platform', job.platform],
        ['Pipeline', job.pipelineName],
        ['Job', job.jobName],
        ["The system's id", job.jobId],
        ['Run', job.buildNumber],
        ['Link', job.jobUrl],
        ['Status', job.status],
        ['Started by', job.triggeredBy],
        ['Started', moment(job.startedAt, style.now)],
        ['Completed', moment(job.completedAt, style.now)],
        ['Resumes from state', job.isResumeJob ? (job.resumedFromState?.toString() ?? 'unknown') : undefined],
      ]),
  };
}

/** The CI jobs behind a build. */
export function jobListView(jobs: readonly JobRecord[]): View {
  return {
    body: jobs,
    ids: () => jobs.map(({ id }) => id),
    text: (style) =>
      jobs.length === 0
        ? 'No jobs.'
        : table(style, jobs, [
            { title: 'Id', value: ({ id }) => id },
            { title: 'Platform', value: ({ platform }) => platform },
            {
              title: 'Job',
              value: ({ pipelineName, jobName }) => [pipelineName, jobName].filter(Boolean).join(' / '),
            },
            { title: 'Run', value: ({ buildNumber, jobId }) => buildNumber ?? jobId },
            { title: 'Status', value: ({ status }) => status },
            { title: 'Started', value: ({ startedAt }) => columnMoment(startedAt, style) },
            { title: 'Link', value: ({ jobUrl }) => jobUrl, cuttable: true },
          ]),
  };
}
