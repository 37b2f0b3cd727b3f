import { buildNumberOf, type CiSystem, urlOf } from './ci-system.ts';

/** GitHub Actions. A re-run keeps `GITHUB_RUN_ID` and raises `GITHUB_RUN_ATTEMPT`. */
export const githubActions: CiSystem = {
  platform: 'github-actions',
  detect: (read) => read('GITHUB_ACTIONS') === 'true',
  describe(read) {
    const repository = read('GITHUB_REPOSITORY');
    const workflow = read('GITHUB_WORKFLOW');
    const run = read('GITHUB_RUN_ID');
    const page = urlOf(read('GITHUB_SERVER_URL'), repository, 'actions', 'runs', run);
    const attempt = read('GITHUB_RUN_ATTEMPT');
    return {
      pipelineName: workflow,
      jobName: read('GITHUB_JOB'),
      jobUrl: attempt === undefined ? page : urlOf(page, 'attempts', attempt),
      jobId: run,
      buildNumber: read('GITHUB_RUN_NUMBER'),
      triggeredBy: read('GITHUB_TRIGGERING_ACTOR') ?? read('GITHUB_ACTOR'),
      triggerSource: read('GITHUB_EVENT_NAME'),
      defaultBuildNumber: buildNumberOf(repository, workflow, run),
    };
  },
};
