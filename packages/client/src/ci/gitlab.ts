import { buildNumberOf, type CiSystem } from './ci-system.ts';

/** GitLab CI. A retried job keeps `CI_PIPELINE_ID` and gets a new `CI_JOB_ID`. */
export const gitlab: CiSystem = {
  platform: 'gitlab',
  detect: (read) => read('GITLAB_CI') === 'true',
  describe: (read) => ({
    pipelineName: read('CI_PIPELINE_NAME') ?? read('CI_PROJECT_PATH'),
    jobName: read('CI_JOB_NAME'),
    jobUrl: read('CI_JOB_URL'),
    jobId: read('CI_JOB_ID'),
    buildNumber: read('CI_PIPELINE_IID'),
    triggeredBy: read('GITLAB_USER_LOGIN'),
    triggerSource: read('CI_PIPELINE_SOURCE'),
    // A project has one pipeline file, so the pipeline's id says which workflow it is.
    defaultBuildNumber: buildNumberOf(read('CI_PROJECT_PATH'), read('CI_PIPELINE_ID')),
  }),
};
