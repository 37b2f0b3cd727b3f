import type { CiSystem } from './ci-system.ts';

/** Jenkins. A rebuild gets a new `BUILD_NUMBER`, so there is no number that finds the build again. */
export const jenkins: CiSystem = {
  platform: 'jenkins',
  detect: (read) =>
    (read('JENKINS_URL') ?? read('JENKINS_HOME')) !== undefined && read('BUILD_NUMBER') !== undefined,
  describe: (read) => ({
    pipelineName: read('JOB_NAME'),
    jobName: read('STAGE_NAME') ?? read('JOB_BASE_NAME'),
    jobUrl: read('RUN_DISPLAY_URL') ?? read('BUILD_URL'),
    jobId: read('BUILD_TAG') ?? read('BUILD_ID'),
    buildNumber: read('BUILD_NUMBER'),
    triggeredBy: read('BUILD_USER_ID'),
    triggerSource: read('BUILD_CAUSE') ?? read('ROOT_BUILD_CAUSE'),
  }),
};
