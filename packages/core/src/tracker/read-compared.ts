import type { Artifact } from '../artifact/artifact.ts';
import type { Attempt } from '../build/attempt.ts';
import type { ComparedBuild } from '../figures/comparison.ts';
import type { Page, PageQuery } from '../ports/page.ts';
import type { StateStore } from '../ports/state-store.ts';

/** Records read at once: with all that they may carry they take some 30 MB. */
const pageSize = 200;

async function* eachOf<T>(list: (page: PageQuery) => Promise<Page<T>>): AsyncGenerator<T> {
  let cursor: string | undefined;
  do {
    const page = await list({ limit: pageSize, cursor });
    yield* page.items;
    cursor = page.next;
  } while (cursor !== undefined);
}

/**
 * Reads of a build what is compared, and keeps no more: a build may have ten thousand attempts and artifacts with 64 KiB
 * of details each, and ten builds are compared at once. Of the attempts at a state only the last one keeps its texts.
 */
export async function readCompared(
  store: Pick<StateStore, 'listAttempts' | 'listArtifacts'>,
  id: string,
): Promise<ComparedBuild> {
  const attempts: Attempt[] = [];
  const lastAt = new Map<number, number>();
  for await (const attempt of eachOf((page) => store.listAttempts(id, page))) {
    // Notes are no tries.
    if (attempt.attempt === null) continue;
    const before = lastAt.get(attempt.state);
    const earlier = before === undefined ? undefined : attempts[before];
    if (before !== undefined && earlier !== undefined) {
      attempts[before] = { ...earlier, message: null, errorMessage: null };
    }
    lastAt.set(attempt.state, attempts.length);
    attempts.push({ ...attempt, errorDetails: null, artifactMetadata: {}, metadata: {} });
  }
  const artifacts: Artifact[] = [];
  for await (const artifact of eachOf((page) => store.listArtifacts(id, page))) {
    artifacts.push({ ...artifact, metadata: {} });
  }
  return { id, attempts, artifacts };
}
