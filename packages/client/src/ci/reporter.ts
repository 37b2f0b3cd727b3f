import type { HolderIdentity } from '@buildstate/core';
import type { Environment } from '@buildstate/node-runtime';
import { detectCi } from './detect-ci.ts';

/** Longest name that a report takes. */
const longest = 400;

/**
 * Who reports: the CI job's run when a system is detected, such as `github-actions:image/build#acme-os-image-1745`,
 * else `user@host`. The attempt is left out, so that a re-run counts as the same reporter and may go on.
 */
export function reporterName(env: Environment, identity: Pick<HolderIdentity, 'host' | 'user'>): string {
  const job = detectCi(env);
  if (job === undefined) return `${identity.user ?? 'unknown'}@${identity.host}`.slice(0, longest);
  const place = [job.pipelineName, job.jobName].filter((part) => part !== undefined).join('/');
  const run = job.defaultBuildNumber ?? job.jobId ?? job.buildNumber;
  const suffix = run === undefined ? '' : `#${run}`;
  return `${`${job.platform}:${place}`.slice(0, longest - suffix.length)}${suffix}`;
}
