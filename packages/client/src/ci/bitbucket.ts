import { buildNumberOf, type CiSystem, urlOf } from './ci-system.ts';

/** Bitbucket Pipelines. A re-run of failed steps keeps `BITBUCKET_BUILD_NUMBER`. */
export const bitbucket: CiSystem = {
  platform: 'bitbucket',
  detect: (read) =>
    read('BITBUCKET_BUILD_NUMBER') !== undefined && read('BITBUCKET_REPO_FULL_NAME') !== undefined,
  describe(read) {
    const repository = read('BITBUCKET_REPO_FULL_NAME');
    const number = read('BITBUCKET_BUILD_NUMBER');
    const step = read('BITBUCKET_STEP_UUID');
    const page = urlOf('https://bitbucket.org', repository, 'pipelines', 'results', number);
    return {
      pipelineName: repository,
      jobName: read('BITBUCKET_STEP_NAME'),
      jobUrl: step === undefined ? page : urlOf(page, 'steps', step),
      jobId: step ?? read('BITBUCKET_PIPELINE_UUID'),
      buildNumber: number,
      triggeredBy: read('BITBUCKET_STEP_TRIGGERER_UUID'),
      triggerSource: read('BITBUCKET_PR_ID') === undefined ? undefined : 'pull_request',
      defaultBuildNumber: buildNumberOf(repository, number),
    };
  },
};
