import { buildNumberOf, type CiSystem, type ReadVariable, urlOf } from './ci-system.ts';

function pageOf(read: ReadVariable): string | undefined {
  const collection = read('SYSTEM_COLLECTIONURI') ?? read('SYSTEM_TEAMFOUNDATIONCOLLECTIONURI');
  const results = urlOf(collection, read('SYSTEM_TEAMPROJECT'), '_build', 'results');
  const run = read('BUILD_BUILDID');
  if (results === undefined || run === undefined) return undefined;
  const job = read('SYSTEM_JOBID');
  const query = new URLSearchParams({ buildId: run, view: 'logs', ...(job !== undefined && { j: job }) });
  return `${results}?${query}`;
}

/** Azure Pipelines. A re-run of failed jobs keeps `BUILD_BUILDID` and raises `SYSTEM_JOBATTEMPT`. */
export const azurePipelines: CiSystem = {
  platform: 'azure-pipelines',
  detect: (read) => read('TF_BUILD')?.toLowerCase() === 'true',
  describe(read) {
    const definition = read('BUILD_DEFINITIONNAME');
    const run = read('BUILD_BUILDID');
    return {
      pipelineName: definition,
      jobName: read('SYSTEM_JOBDISPLAYNAME') ?? read('AGENT_JOBNAME'),
      jobUrl: pageOf(read),
      jobId: read('SYSTEM_JOBID') ?? run,
      buildNumber: read('BUILD_BUILDNUMBER'),
      triggeredBy: read('BUILD_REQUESTEDFOR'),
      triggerSource: read('BUILD_REASON'),
      defaultBuildNumber: buildNumberOf(read('BUILD_REPOSITORY_NAME'), definition, run),
    };
  },
};
