import type { Environment } from '@buildstate/node-runtime';
import type { BodyOf } from '../api/call.ts';
import { azurePipelines } from './azure-pipelines.ts';
import { bitbucket } from './bitbucket.ts';
import { buildkite } from './buildkite.ts';
import type { CiJob } from './ci-job.ts';
import type { CiSystem } from './ci-system.ts';
import { circleci } from './circleci.ts';
import { concourse } from './concourse.ts';
import { githubActions } from './github-actions.ts';
import { gitlab } from './gitlab.ts';
import { jenkins } from './jenkins.ts';

/**
 * The systems that are known. Those with a variable of their own come first: Jenkins and Concourse are told by
 * variables that other systems may have as well.
 */
const systems: readonly CiSystem[] = [
  githubActions,
  gitlab,
  buildkite,
  azurePipelines,
  circleci,
  bitbucket,
  concourse,
  jenkins,
];

/** Longest text that a job's record takes, and longest link. */
const longestText = 400;
const longestUrl = 2048;

function fitting(job: CiJob): CiJob {
  const entries = Object.entries(job).flatMap(([name, value]: [string, string | undefined]) => {
    if (value === undefined) return [];
    // A link that is cut leads nowhere.
    if (name === 'jobUrl') return value.length > longestUrl ? [] : [[name, value]];
    return [
      [name, value.slice(0, name === 'buildNumber' || name === 'defaultBuildNumber' ? 200 : longestText)],
    ];
  });
  return Object.fromEntries(entries) as CiJob;
}

/** The CI job that this process runs in, or `undefined` outside of the known systems. */
export function detectCi(env: Environment): CiJob | undefined {
  const read = (name: string) => env[name]?.trim() || undefined;
  const system = systems.find((candidate) => candidate.detect(read));
  return system === undefined ? undefined : fitting({ platform: system.platform, ...system.describe(read) });
}

/** The body that links a job to a build: `client.jobs.link(build, jobLink(job))`, or `job` of a new build. */
export function jobLink(job: CiJob): BodyOf<'linkJob'> {
  const { defaultBuildNumber: _, triggerSource, ...link } = job;
  return { ...link, ...(triggerSource !== undefined && { triggerSource: triggerSource.slice(0, 100) }) };
}
