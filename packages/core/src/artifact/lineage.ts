import type { InBuild } from '../ports/searches.ts';
import type { Artifact } from './artifact.ts';

/** How far lineage is followed. */
export interface LineageLimits {
  /** Most steps away from the artifact. */
  readonly depth: number;
  /** Most artifacts in each direction. */
  readonly artifacts: number;
}

/** An artifact that another one was made from, or that was made from it. */
export interface Relative {
  /** Its id. */
  readonly id: string;
  /** The fewest steps that lead to it. */
  readonly depth: number;
  /** What is known of it; `undefined` when it is not there, or not the caller's to see. */
  readonly found: InBuild<Artifact> | undefined;
}

/** Artifacts over all builds, as far as the caller may see them. */
export interface LineageSource {
  /** The artifacts with these ids. */
  withIds(ids: readonly string[]): Promise<readonly InBuild<Artifact>[]>;
  /** Artifacts that name one of these among their parents, at most `most`. */
  withParents(ids: readonly string[], most: number): Promise<readonly InBuild<Artifact>[]>;
}

/** Relatives in one direction, nearest first. */
export interface Relatives {
  /** Each once, however many ways lead to it, and never the artifact itself. */
  readonly relatives: readonly Relative[];
  /** Whether there are more beyond the limits. */
  readonly truncated: boolean;
}

/** What an artifact was made from, step by step. Cycles end where they close, and parents that are not there are named. */
export async function ancestorsOf(
  artifact: Artifact,
  source: Pick<LineageSource, 'withIds'>,
  limits: LineageLimits,
): Promise<Relatives> {
  const seen = new Set([artifact.id]);
  const relatives: Relative[] = [];
  const unseen = (ids: readonly string[]) => [...new Set(ids)].filter((id) => !seen.has(id));
  let wanted = unseen(artifact.parents);
  for (let depth = 1; wanted.length > 0; depth += 1) {
    const room = depth > limits.depth ? 0 : limits.artifacts - relatives.length;
    if (room === 0) return { relatives, truncated: true };
    const step = wanted.slice(0, room);
    const found = new Map((await source.withIds(step)).map((one) => [one.record.id, one]));
    for (const id of step) {
      seen.add(id);
      relatives.push({ id, depth, found: found.get(id) });
    }
    if (step.length < wanted.length) return { relatives, truncated: true };
    wanted = unseen([...found.values()].flatMap(({ record }) => record.parents));
  }
  return { relatives, truncated: false };
}

/** What was made from an artifact, step by step. */
export async function descendantsOf(
  artifact: Artifact,
  source: Pick<LineageSource, 'withParents'>,
  limits: LineageLimits,
): Promise<Relatives> {
  const seen = new Set([artifact.id]);
  const relatives: Relative[] = [];
  let parents = [artifact.id];
  for (let depth = 1; parents.length > 0; depth += 1) {
    const children = await source.withParents(parents, limits.artifacts + 1);
    const fresh = [...new Map(children.map((one) => [one.record.id, one])).values()].filter(
      ({ record }) => !seen.has(record.id),
    );
    const room = depth > limits.depth ? 0 : limits.artifacts - relatives.length;
    const step = fresh.slice(0, room);
    for (const found of step) {
      seen.add(found.record.id);
      relatives.push({ id: found.record.id, depth, found });
    }
    if (step.length < fresh.length || children.length > limits.artifacts) {
      return { relatives, truncated: true };
    }
    parents = step.map(({ record }) => record.id);
  }
  return { relatives, truncated: false };
}
