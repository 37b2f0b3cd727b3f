import { AlreadyExistsError } from '@buildstate/core';
import type { BuildDetails, BuildSummary } from '../api/builds.ts';
import type { BuildStateClient } from '../client.ts';
import type { Surroundings } from '../step/surroundings.ts';
import type { BuildFile } from './file/build-file.ts';
import { hasCode } from './has-code.ts';
import { ownJob } from './link-job.ts';

/** The word for "the last unfinished build, else the next number". */
export const automaticNumber = 'auto';

/** The answer, or `undefined` when there is no such thing. */
async function orNothing<Answer>(asking: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await asking;
  } catch (error) {
    if (hasCode(error, 'not_found')) return undefined;
    throw error;
  }
}

/** Whether a build is one that a file may continue. Branches are continued by the run of their parent. */
function isUnfinished({ status, parentBuildId }: BuildSummary): boolean {
  return status !== 'completed' && status !== 'cancelled' && parentBuildId === null;
}

/** The newest build of the file's project and platform that is neither completed nor cancelled, and no branch. */
async function lastUnfinished(
  client: BuildStateClient,
  { project, platform }: BuildFile,
): Promise<BuildSummary | undefined> {
  for await (const build of client.builds.list({ projectId: project })) {
    if (isUnfinished(build) && (platform === undefined || build.platform === platform)) return build;
  }
  return undefined;
}

/**
 * The build that a file continues, if there is one.
 * @param isNew leave unfinished builds alone
 * @throws AlreadyExistsError when a new one is wanted and its number is taken
 */
export async function findBuild(
  client: BuildStateClient,
  file: BuildFile,
  isNew: boolean,
): Promise<BuildDetails | undefined> {
  if (file.buildNumber === automaticNumber) {
    if (isNew) return undefined;
    const found = await orNothing(lastUnfinished(client, file));
    return found === undefined ? undefined : client.builds.get(found.id);
  }
  const label = `${file.project}:${file.buildNumber}`;
  const found = await orNothing(client.builds.get(label));
  if (found === undefined || !isNew) return found;
  throw new AlreadyExistsError(
    `Build ${label} is there already. For a new one give another number, or build_number: auto.`,
    { context: { build_id: found.id } },
  );
}

/** Makes the build of a file. @throws AlreadyExistsError when its number was taken meanwhile and a new one is wanted */
export async function createBuild(
  around: Surroundings,
  file: BuildFile,
  isNew: boolean,
): Promise<BuildDetails> {
  const { client } = around;
  const job = ownJob(around);
  const number = file.buildNumber === automaticNumber ? {} : { buildNumber: file.buildNumber };
  try {
    return await client.builds.create({
      project: file.project,
      ...(file.platform !== undefined && { platform: file.platform }),
      ...number,
      ...(job !== undefined && { job }),
    });
  } catch (error) {
    // Somebody else made it between our look and our wish.
    if (!hasCode(error, 'already_exists') || isNew || number.buildNumber === undefined) throw error;
    return client.builds.get(`${file.project}:${number.buildNumber}`);
  }
}
