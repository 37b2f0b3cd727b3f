import type { BuildDetails } from '../api/builds.ts';
import { detectCi, jobLink } from '../ci/detect-ci.ts';
import type { Surroundings } from '../step/surroundings.ts';

/** The CI job that this process runs in, as a build is created with it. */
export function ownJob({ environment }: Pick<Surroundings, 'environment'>) {
  const job = detectCi(environment);
  return job === undefined ? undefined : jobLink(job);
}

/**
 * Notes the CI job that continues a build, unless it is noted already: a run that is repeated within one job is
 * the same job.
 * @param from the state at which the build goes on
 */
export async function linkOwnJob(around: Surroundings, build: BuildDetails, from: number): Promise<void> {
  const job = ownJob(around);
  if (job === undefined) return;
  const known = await around.client.jobs.list(build.id);
  if (known.some(({ platform, jobId }) => platform === job.platform && jobId === (job.jobId ?? null))) return;
  const resumed = known.length > 0 || build.lastSuccessfulState > 0;
  await around.client.jobs.link(build.id, {
    ...job,
    ...(resumed && { isResumeJob: true, resumedFromState: from }),
  });
}
