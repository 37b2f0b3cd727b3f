import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AlreadyExistsError } from '@buildstate/core/light';
import { byteText } from '../byte-text.ts';
import { metered } from '../metered.ts';
import type { KnownArtifact, Memory } from '../state/memory.ts';
import type { Surroundings } from '../surroundings.ts';
import { copyLocally } from './copy-local.ts';
import { type ExpectedContent, fileMoment } from './file-digest.ts';
import { needTarget, projectPath } from './need-target.ts';
import type { ResolvedNeed } from './resolve-needs.ts';

/** A need with the file that it becomes. */
export interface PlannedNeed extends ResolvedNeed {
  /** The file; `undefined` for an object that is only tracked, such as a cloud image: its id is handed on. */
  readonly target: string | undefined;
  /** What is at the target: the right bytes, others, or nothing. */
  readonly found: 'right' | 'other' | 'nothing';
}

/** What planning the needs of a step takes. */
export interface NeedsPlan {
  /** Where the work is done. */
  readonly around: Surroundings;
  /** What is known of the build and of files. */
  readonly memory: Memory;
  /** Whether an earlier try of this step has filled a target: what is there now is its own doing. */
  readonly isOwn: (target: string) => boolean;
}

/** What a file that stands for an artifact must hold; `undefined` where there are no bytes to prove. */
function contentOf({ checksum, checksumAlgorithm, sizeBytes }: KnownArtifact): ExpectedContent | undefined {
  if (checksum === null || checksumAlgorithm === null) return undefined;
  return { checksum, algorithm: checksumAlgorithm, sizeBytes };
}

async function planNeed(need: ResolvedNeed, { around, memory }: NeedsPlan): Promise<PlannedNeed> {
  const expected = contentOf(need.artifact);
  // An image or a snapshot in a cloud, known by its id.
  if (expected === undefined) return { ...need, target: undefined, found: 'nothing' };
  const target = await needTarget(around.folder, need);
  const right = await memory.digests.matches(target, expected, around.interrupts.aborted);
  return { ...need, target, found: right === undefined ? 'nothing' : right ? 'right' : 'other' };
}

/**
 * Finds out what has to be fetched, and that nothing would be overwritten that is not ours. Changes nothing.
 * @throws AlreadyExistsError for a file with other content at the target, unless `force` is set or an earlier
 *   try of the same step put it there
 */
export async function planNeeds(needs: readonly ResolvedNeed[], plan: NeedsPlan): Promise<PlannedNeed[]> {
  const planned: PlannedNeed[] = [];
  for (const need of needs) planned.push(await planNeed(need, plan));
  const inTheWay = planned.find(
    ({ found, target }) => found === 'other' && target !== undefined && !plan.isOwn(target),
  );
  if (inTheWay === undefined || plan.around.force) return planned;
  throw new AlreadyExistsError(
    `${inTheWay.target} is there with other content than the artifact "${inTheWay.name}". Move it away, ` +
      `name another place with ${inTheWay.name}=FILE, or replace it with --force.`,
    { context: { path: inTheWay.target, artifact_name: inTheWay.name, artifact_id: inTheWay.artifact.id } },
  );
}

/** A path as people know it: within the project where it can be. */
function shown({ folder }: Surroundings, path: string): string {
  return projectPath(folder, path) ?? path;
}

async function fetchNeed(
  buildId: string,
  { artifact, name, found }: PlannedNeed,
  target: string,
  { around, memory }: Pick<NeedsPlan, 'around' | 'memory'>,
): Promise<void> {
  const { sha256, sizeBytes } = await metered(around, `Fetching ${name}`, (onProgress) =>
    around.client.artifacts.download(buildId, artifact.id, target, {
      overwrite: found === 'other',
      signal: around.interrupts.aborted,
      onProgress,
    }),
  );
  const moment = await fileMoment(target);
  if (moment !== undefined) memory.digests.note(target, { algorithm: 'sha256', checksum: sha256 }, moment);
  around.notes.info(`${name}: fetched ${shown(around, target)} (${byteText(sizeBytes)}, SHA-256 verified)`);
}

/**
 * Brings one need to its place and proves its bytes: from a file of this machine that holds them, else from where
 * they are stored.
 * @returns what `BLDST_ARTIFACT_<NAME>` says: the file, or the place of an object that is only tracked
 * @throws IntegrityError, StorageNotFoundError and other errors of a download
 */
export async function restoreNeed(
  buildId: string,
  need: PlannedNeed,
  plan: Pick<NeedsPlan, 'around' | 'memory'>,
): Promise<string> {
  const { artifact, target, name, found } = need;
  const { around, memory } = plan;
  const expected = contentOf(artifact);
  if (target === undefined || expected === undefined) return artifact.artifactPath;
  if (found === 'right') {
    around.notes.info(`${name}: ${shown(around, target)} is there and verified`);
    return target;
  }
  await mkdir(dirname(target), { recursive: true });
  const copies = { folder: around.folder, digests: memory.digests, signal: around.interrupts.aborted };
  const source = await copyLocally(need, target, expected, copies);
  if (source === undefined) await fetchNeed(buildId, need, target, plan);
  else
    around.notes.info(
      `${name}: copied ${shown(around, target)} from ${shown(around, source)}, which is verified`,
    );
  return target;
}
