import { type CiSystem, type ReadVariable, urlOf } from './ci-system.ts';

/** The query by which the web page tells instances of one pipeline apart: `vars.branch="main"`. */
function instanceQuery(json: string | undefined): string {
  if (json === undefined) return '';
  let vars: unknown;
  try {
    vars = JSON.parse(json);
  } catch {
    // Without its instance the link leads to the pipeline's group, which is better than no link.
    return '';
  }
  if (vars === null || typeof vars !== 'object') return '';
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(vars)) query.append(`vars.${name}`, JSON.stringify(value));
  return query.size === 0 ? '' : `?${query}`;
}

function pageOf(read: ReadVariable): string | undefined {
  const atc = read('ATC_EXTERNAL_URL');
  const pipeline = read('BUILD_PIPELINE_NAME');
  if (pipeline === undefined) return urlOf(atc, 'builds', read('BUILD_ID'));
  const team = read('BUILD_TEAM_NAME');
  const page = urlOf(
    atc,
    ...['teams', team, 'pipelines', pipeline, 'jobs', read('BUILD_JOB_NAME'), 'builds', read('BUILD_NAME')],
  );
  return page === undefined ? undefined : `${page}${instanceQuery(read('BUILD_PIPELINE_INSTANCE_VARS'))}`;
}

/**
 * Concourse. Only resources are told about their build (tasks are not, unless the pipeline passes it on). A new
 * run gets new ids, so there is no number that finds the build again.
 */
export const concourse: CiSystem = {
  platform: 'concourse',
  detect: (read) => read('ATC_EXTERNAL_URL') !== undefined,
  describe: (read) => ({
    pipelineName: read('BUILD_PIPELINE_NAME'),
    jobName: read('BUILD_JOB_NAME'),
    jobUrl: pageOf(read),
    jobId: read('BUILD_ID'),
    buildNumber: read('BUILD_NAME'),
    triggeredBy: read('BUILD_CREATED_BY'),
  }),
};
