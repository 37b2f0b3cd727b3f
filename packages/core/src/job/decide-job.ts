import type { BuildDraft } from '../build/draft.ts';
import { NotFoundError } from '../errors/not-found-error.ts';
import { given } from '../text/given.ts';
import type { BuildJob } from './build-job.ts';

type Optional<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** What is said of a new job. */
export type NewJob = Pick<BuildJob, 'platform'> &
  Optional<Omit<BuildJob, 'platform' | 'buildId' | 'createdAt' | 'updatedAt'>>;

/** What may be changed of a job. */
export type JobEdit = Optional<Pick<BuildJob, 'jobUrl' | 'status' | 'startedAt' | 'completedAt'>>;

/** The fields of a job that hold a client's texts, in which secrets may hide. */
export const jobTexts = [
  'pipelineName',
  'jobName',
  'jobUrl',
  'jobId',
  'triggeredBy',
  'triggerSource',
  'status',
] as const satisfies readonly (keyof BuildJob)[];

/** The record of a new job. */
export function newJob(draft: BuildDraft, job: NewJob): BuildJob {
  return {
    id: job.id ?? draft.context.ids.uuid(),
    buildId: draft.build.id,
    platform: job.platform,
    pipelineName: job.pipelineName ?? null,
    jobName: job.jobName ?? null,
    jobUrl: job.jobUrl ?? null,
    jobId: job.jobId ?? null,
    buildNumber: job.buildNumber ?? null,
    triggeredBy: job.triggeredBy ?? null,
    triggerSource: job.triggerSource ?? null,
    status: job.status ?? 'running',
    startedAt: job.startedAt ?? draft.now,
    completedAt: job.completedAt ?? null,
    isResumeJob: job.isResumeJob ?? draft.counts.attempts > 0,
    resumedFromState: job.resumedFromState ?? null,
    parentJobId: job.parentJobId ?? null,
    createdAt: draft.now,
    updatedAt: draft.now,
  };
}

/**
 * Links a CI job. The same job of the same CI system is linked once. The draft must have been made with the
 * build's jobs.
 */
export function decideLinkJob(draft: BuildDraft, job: NewJob): BuildJob {
  const known = draft.loaded.jobs.find(
    (one) => one.id === job.id || (job.jobId && one.jobId === job.jobId && one.platform === job.platform),
  );
  if (known !== undefined) return known;
  const linked = newJob(draft, job);
  draft.jobs.put(linked);
  draft.event('job.linked', { job_id: linked.id, platform: linked.platform });
  return linked;
}

/** Changes a linked job. @throws NotFoundError */
export function decideUpdateJob(draft: BuildDraft, id: string, edit: JobEdit): BuildJob {
  const known = draft.loaded.jobs.find((job) => job.id === id);
  if (known === undefined) {
    const build = `${draft.build.project}:${draft.build.buildNumber}`;
    throw new NotFoundError(
      `Build ${build} has no job "${id}". List its jobs with \`bldst job list ${build}\`.`,
      { context: { job_id: id } },
    );
  }
  const fields = given(edit);
  const changed: BuildJob = { ...known, ...fields, updatedAt: draft.now };
  draft.jobs.put(changed);
  draft.event('job.updated', { job_id: id, status: changed.status });
  return changed;
}
