import type { OperationAnswer } from '@buildstate/core';
import type { BodyOf, CallOptions } from './call.ts';
import type { Operations } from './operations.ts';

/** A CI job behind a build. */
export type JobRecord = OperationAnswer<'linkJob'>;

/** CI jobs behind builds. `jobLink(detectCi(env))` makes the body for the job that runs now. */
export interface JobsApi {
  /** Links a job to a build. */
  link(build: string, job: BodyOf<'linkJob'>, options?: CallOptions): Promise<JobRecord>;
  /** A build's jobs, oldest first. */
  list(build: string, options?: CallOptions): Promise<readonly JobRecord[]>;
  /** Changes a job's status, link or times. @throws NotFoundError */
  update(build: string, job: string, changes: BodyOf<'updateJob'>, options?: CallOptions): Promise<JobRecord>;
}

/** The facade's part for jobs. */
export function jobsApi({ call, list }: Operations): JobsApi {
  return {
    link: (buildId, body, options) => call('linkJob', { params: { buildId }, body }, options),
    list: (buildId, options) => list('listJobs', { buildId }, {}, options).all(),
    update: (buildId, jobId, body, options) =>
      call('updateJob', { params: { buildId, jobId }, body }, options),
  };
}
