import { buildNumberOf, type CiSystem } from './ci-system.ts';

/**
 * CircleCI. A re-run from failed gets a new `CIRCLE_WORKFLOW_ID`; the pipeline, and the workspace that it goes on
 * with, keep theirs.
 */
export const circleci: CiSystem = {
  platform: 'circleci',
  detect: (read) => read('CIRCLECI') === 'true',
  describe(read) {
    const owner = read('CIRCLE_PROJECT_USERNAME');
    const repository = read('CIRCLE_PROJECT_REPONAME');
    const run = read('CIRCLE_PIPELINE_ID') ?? read('CIRCLE_WORKFLOW_WORKSPACE_ID');
    return {
      pipelineName: owner === undefined ? repository : `${owner}/${repository}`,
      jobName: read('CIRCLE_JOB'),
      jobUrl: read('CIRCLE_BUILD_URL'),
      jobId: read('CIRCLE_WORKFLOW_JOB_ID') ?? read('CIRCLE_BUILD_NUM'),
      buildNumber: read('CIRCLE_BUILD_NUM'),
      triggeredBy: read('CIRCLE_USERNAME'),
      triggerSource: read('CIRCLE_PIPELINE_TRIGGER_SOURCE'),
      defaultBuildNumber: buildNumberOf(owner, repository, run),
    };
  },
};
