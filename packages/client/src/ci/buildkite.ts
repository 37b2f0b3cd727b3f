import { buildNumberOf, type CiSystem } from './ci-system.ts';

/** Buildkite. A retried job keeps its build's number and gets a new `BUILDKITE_JOB_ID`. */
export const buildkite: CiSystem = {
  platform: 'buildkite',
  detect: (read) => read('BUILDKITE') === 'true',
  describe(read) {
    const page = read('BUILDKITE_BUILD_URL');
    const job = read('BUILDKITE_JOB_ID');
    const pipeline = read('BUILDKITE_PIPELINE_SLUG');
    const number = read('BUILDKITE_BUILD_NUMBER');
    return {
      pipelineName: pipeline,
      jobName: read('BUILDKITE_STEP_KEY') ?? read('BUILDKITE_LABEL'),
      jobUrl: page === undefined || job === undefined ? page : `${page}#${job}`,
      jobId: job,
      buildNumber: number,
      triggeredBy: read('BUILDKITE_BUILD_CREATOR') ?? read('BUILDKITE_BUILD_AUTHOR'),
      triggerSource: read('BUILDKITE_SOURCE'),
      defaultBuildNumber: buildNumberOf(read('BUILDKITE_ORGANIZATION_SLUG'), pipeline, number),
    };
  },
};
