import type { Artifact } from '../artifact/artifact.ts';
import type { Attempt } from '../build/attempt.ts';
import type { AttemptStatus } from '../build/status.ts';

/** A build with what it did. */
export interface ComparedBuild {
  /** UUID of the build. */
  readonly id: string;
  /** All of its attempts, oldest first. */
  readonly attempts: readonly Attempt[];
  /** Its live artifacts, oldest first within each state. */
  readonly artifacts: readonly Artifact[];
}

/** What a build did at one state. */
export interface StateOfBuild {
  /** UUID of the build. */
  readonly buildId: string;
  /** How its last attempt went; `null`: there was none. */
  readonly status: AttemptStatus | null;
  /** How many tries. */
  readonly attempts: number;
  /** How long the last one took, in seconds. */
  readonly durationSeconds: number | null;
  /** Digest of what the state produced last. */
  readonly artifactChecksum: string | null;
  /** What was said of the last attempt: its error, else its message. */
  readonly message: string | null;
}

/** What can differ between builds at a state. Durations always do, so they are not among it. */
export const comparedFields = ['status', 'attempts', 'artifactChecksum', 'message'] as const;
/** What can differ between builds at a state. */
export type ComparedField = (typeof comparedFields)[number];

/** What some builds did at one state, side by side. */
export interface ComparedState {
  /** State code. */
  readonly state: number;
  /** What is not the same for all of them. */
  readonly differs: readonly ComparedField[];
  /** In the order of the builds. */
  readonly builds: readonly StateOfBuild[];
}

/** A digest without its prefix, in lower case, so that spellings of the same one are equal. */
function bareDigest(checksum: string | null | undefined): string | null {
  return checksum?.replace(/^(sha256|md5):/i, '').toLowerCase() ?? null;
}

function stateOf({ id, attempts, artifacts }: ComparedBuild, state: number): StateOfBuild {
  const tries = attempts.filter((attempt) => attempt.state === state && attempt.attempt !== null);
  const last = tries.at(-1);
  const produced = artifacts.filter(({ stateCode, checksum }) => stateCode === state && checksum !== null);
  const reference = tries.findLast(({ artifactChecksum }) => artifactChecksum !== null);
  return {
    buildId: id,
    status: last?.status ?? null,
    attempts: tries.length,
    durationSeconds: last?.durationSeconds ?? null,
    artifactChecksum: bareDigest(reference?.artifactChecksum ?? produced.at(-1)?.checksum),
    message: last?.errorMessage ?? last?.message ?? null,
  };
}

/** What builds did, state by state: every state that one of them tried or produced something at, ascending. */
export function compareBuilds(builds: readonly ComparedBuild[]): ComparedState[] {
  const states = new Set(
    builds.flatMap(({ attempts, artifacts }) => [
      ...attempts.filter(({ attempt }) => attempt !== null).map(({ state }) => state),
      ...artifacts.map(({ stateCode }) => stateCode),
    ]),
  );
  return [...states]
    .sort((a, b) => a - b)
    .map((state) => {
      const sides = builds.map((build) => stateOf(build, state));
      const differs = comparedFields.filter((field) => new Set(sides.map((side) => side[field])).size > 1);
      return { state, differs, builds: sides };
    });
}
