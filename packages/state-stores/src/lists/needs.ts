import type {
  Artifact,
  Attempt,
  BuildJob,
  LoadedBuild,
  LoadNeeds,
  ResumeRequest,
  Variable,
} from '@buildstate/core';
import { sorted } from '@buildstate/core/light';
import { matchesArtifact, matchesAttempt } from './filters.ts';
import { artifactOrder, attemptOrder, jobOrder, requestOrder, variableOrder } from './orders.ts';

/** The rows of a build as they are now. */
export interface BuildRows {
  readonly attempts: Iterable<Attempt>;
  readonly artifacts: Iterable<Artifact>;
  readonly variables: Iterable<Variable>;
  readonly resumeRequests: Iterable<ResumeRequest>;
  readonly jobs: Iterable<BuildJob>;
}

/** One row of a kind. */
export type RowOf<K extends keyof BuildRows> = BuildRows[K] extends Iterable<infer Row> ? Row : never;

/** The live variables of a build by key. */
export function liveVariables(variables: Iterable<Variable>): Variable[] {
  return sorted(variables, variableOrder).filter(({ deletedAt }) => deletedAt === null);
}

/** The rows that a decision asks for; lists that it does not ask for are empty. */
export function selectNeeds(
  rows: BuildRows,
  needs: LoadNeeds,
): Pick<LoadedBuild, 'attempts' | 'artifacts' | 'variables' | 'resumeRequests' | 'jobs'> {
  const { attempts: wanted, artifacts } = needs;
  return {
    attempts:
      wanted === undefined
        ? []
        : sorted(rows.attempts, attemptOrder).filter((attempt) => matchesAttempt(attempt, wanted)),
    artifacts:
      artifacts === undefined
        ? []
        : sorted(rows.artifacts, artifactOrder).filter((artifact) =>
            matchesArtifact(artifact, { includeDeleted: artifacts === 'all' }),
          ),
    variables: needs.variables === true ? liveVariables(rows.variables) : [],
    resumeRequests: needs.resumeRequests === true ? sorted(rows.resumeRequests, requestOrder) : [],
    jobs: needs.jobs === true ? sorted(rows.jobs, jobOrder) : [],
  };
}
