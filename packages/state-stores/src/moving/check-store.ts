import type { ReferenceKind, StateStore, WholeBuild } from '@buildstate/core';
import { referenceKinds, UnavailableError } from '@buildstate/core/light';
import { type CheckTools, checkWholeBuild } from './check-build.ts';
import type { OnProgress } from './progress.ts';
import { buildIds } from './store-records.ts';

/** How a store is checked. */
export interface CheckOptions extends CheckTools {
  /** Is told after every build. */
  readonly onProgress?: OnProgress | undefined;
}

/** The fields of a build that name reference data. */
const named: Readonly<Partial<Record<ReferenceKind, (whole: WholeBuild) => string | null>>> = {
  platforms: ({ head }) => head.build.platformId,
  os_versions: ({ head }) => head.build.osVersionId,
  image_types: ({ head }) => head.build.imageTypeId,
  os_distributions: ({ head }) => head.build.osDistributionId,
  image_variants: ({ head }) => head.build.imageVariantId,
};

function messageOf(error: unknown): string {
  // A place that cannot be reached says nothing about what is kept there.
  if (error instanceof UnavailableError) throw error;
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
}

async function* surroundings(store: StateStore, whole: WholeBuild): AsyncGenerator<string> {
  const { projectId, parentBuildId } = whole.head.build;
  if ((await store.loadProject({ id: projectId })) === undefined) yield `its project ${projectId} is missing`;
  if (parentBuildId !== null && (await store.findBuilds({ id: parentBuildId })).length === 0)
    yield `the build ${parentBuildId} that it branched from is missing`;
  for (const kind of referenceKinds) {
    const id = named[kind]?.(whole);
    if (id != null && (await store.loadReference(kind, { id })) === undefined)
      yield `the entry ${id} of ${kind} that it names is missing`;
  }
}

async function* checkBuild(store: StateStore, id: string, options: CheckOptions): AsyncGenerator<string> {
  try {
    const whole = await store.loadWholeBuild(id);
    if (whole === undefined) {
      yield 'it is listed, and cannot be found';
      return;
    }
    yield* checkWholeBuild(whole, options);
    yield* surroundings(store, whole);
  } catch (error) {
    yield `it cannot be read: ${messageOf(error)}`;
  }
}

/**
 * Reads all of a store and says what is wrong with it: one sentence for each thing, without a full stop. Changes
 * nothing.
 * @throws UnavailableError when the store cannot be reached
 */
export async function* checkStore(store: StateStore, options: CheckOptions = {}): AsyncGenerator<string> {
  let records = 0;
  try {
    yield* await store.findDamage();
    for await (const id of buildIds(store)) {
      for await (const problem of checkBuild(store, id, options)) yield `build ${id}: ${problem}`;
      records += 1;
      options.onProgress?.({ records });
    }
  } catch (error) {
    yield `the store cannot be read: ${messageOf(error)}`;
  }
}
