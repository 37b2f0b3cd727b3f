import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { NotFoundError } from '@buildstate/core/light';
import type { StateReport } from '../../api/builds.ts';
import type { UploadArtifact, UploadedArtifact } from '../../artifact/upload-options.ts';
import { byteText } from '../byte-text.ts';
import type { Product, StepDefinition } from '../definition.ts';
import { metered } from '../metered.ts';
import { fileMoment } from '../needs/file-digest.ts';
import { projectPath, relativePathField } from '../needs/need-target.ts';
import { madeFromField } from '../reuse/reuse-key.ts';
import { isAway } from '../state/away.ts';
import type { BuildHandle } from '../state/build-handle.ts';
import type { Memory } from '../state/memory.ts';
import { noteOutcome } from '../state/reporting.ts';
import type { Surroundings } from '../surroundings.ts';

/** What storing products takes. */
export interface Storing {
  /** Where the work is done. */
  readonly around: Surroundings;
  /** The build. */
  readonly build: BuildHandle;
  /** The step. */
  readonly step: StepDefinition;
  /** The digest by which the products are found again; see `reuseKey`. */
  readonly madeFrom?: string | undefined;
  /** What is known of the build and of files. */
  readonly memory: Memory;
  /** URI under which bytes are stored. @default the build's artifact base */
  readonly place?: string | undefined;
}

/**
 * Checks that a command has made what it should have made, before the first byte is stored.
 * @throws NotFoundError
 */
export async function checkProducts({ folder }: Surroundings, products: readonly Product[]): Promise<void> {
  for (const { name, path } of products) {
    const absolute = resolve(folder, path);
    if ((await fileMoment(absolute)) !== undefined) continue;
    throw new NotFoundError(
      `The command succeeded, but ${path}, which becomes the artifact "${name}", is not there (looked in ${folder}).`,
      { context: { artifact_name: name, path } },
    );
  }
}

/** Stores in the usual place; while the tracker is away, in a folder of this machine, so that nothing is lost. */
async function upload(storing: Storing, artifact: UploadArtifact): Promise<UploadedArtifact> {
  const { around, build } = storing;
  try {
    return await metered(around, `Storing ${artifact.name}`, (onProgress) =>
      around.client.artifacts.upload(build.id, { ...artifact, onProgress }),
    );
  } catch (error) {
    if (!isAway(error) || around.strict) throw error;
    const to = pathToFileURL(around.fallbackFolder).href;
    around.notes.warn(
      `The tracker is away, so "${artifact.name}" is stored on this machine, under ${to}. Other machines cannot fetch it from there.`,
    );
    return around.client.artifacts.upload(build.id, { ...artifact, to });
  }
}

async function store(
  storing: Storing,
  { name, path }: Product,
  complete?: UploadArtifact['complete'],
): Promise<UploadedArtifact> {
  const { around, build, step, memory, place, madeFrom } = storing;
  const source = resolve(around.folder, path);
  const relative = projectPath(around.folder, source);
  const metadata: Record<string, string> = {
    ...(relative !== undefined && { [relativePathField]: relative }),
    ...(madeFrom !== undefined && { [madeFromField]: madeFrom }),
  };
  const before = await fileMoment(source);
  const stored = await upload(storing, {
    source,
    state: step.state,
    name,
    metadata,
    signal: around.interrupts.aborted,
    ...(place !== undefined && { to: place }),
    ...(build.lease !== undefined && { lease: build.lease }),
    ...(complete !== undefined && { complete, spool: !around.strict }),
  });
  const after = await fileMoment(source);
  if (before !== undefined && before.key === after?.key)
    memory.digests.note(source, { algorithm: 'sha256', checksum: stored.sha256 }, before);
  memory.noteArtifact({
    id: stored.artifact?.id ?? '',
    artifactName: name,
    stateCode: step.state,
    artifactPath: stored.path,
    sizeBytes: stored.sizeBytes,
    checksum: stored.sha256,
    checksumAlgorithm: 'sha256',
    isResumable: true,
    expiresAt: null,
    verificationStatus: 'stored',
    metadata,
    deletedAt: null,
  });
  for (const warning of stored.warnings) around.notes.warn(warning);
  around.notes.info(
    `${name}: stored ${path} (${byteText(stored.sizeBytes)}, SHA-256 ${stored.sha256.slice(0, 16)}…)`,
  );
  return stored;
}

/**
 * Stores a product that does not complete the state. While the tracker is away nobody can be told of it, and that
 * does not fail the step.
 */
async function storeBeside(storing: Storing, product: Product): Promise<void> {
  const { around, build, step } = storing;
  try {
    await store(storing, product);
  } catch (error) {
    if (!isAway(error) || around.strict) throw error;
    around.notes.warn(
      `The tracker is away, so "${product.name}" was not registered. Do it later with: ` +
        `bldst artifact upload ${build.id} ${product.path} --state ${step.state} --name ${product.name}`,
    );
  }
}

/**
 * Stores what a step has made and records its completion in the same change as the first product. The others are
 * registered before it, so that a completed state has all of its artifacts.
 *
 * @param completion what the report says besides
 * @throws IntegrityError when a file changes while it is read; StorageError and other errors of an upload;
 *   LeaseLostError
 */
export async function storeProducts(
  storing: Storing,
  [first, ...others]: readonly [Product, ...Product[]],
  completion: Omit<StateReport, 'state' | 'status'>,
): Promise<void> {
  for (const product of others) await storeBeside(storing, product);
  const { report } = await store(storing, first, completion);
  if (report !== undefined) noteOutcome(storing.around, report);
}
