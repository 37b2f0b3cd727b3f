import type {
  Artifact,
  ArtifactQuery,
  Attempt,
  AttemptQuery,
  BuildEvent,
  BuildJob,
  EventQuery,
  Page,
  ResumeRequest,
  Variable,
} from '@buildstate/core';
import { decodeCursor, pageOf, sorted } from '@buildstate/core/light';
import { matchesArtifact, matchesAttempt } from '../lists/filters.ts';
import { type BuildRows, liveVariables } from '../lists/needs.ts';
import { artifactOrder, attemptOrder, eventOrder, jobOrder, requestOrder } from '../lists/orders.ts';
import type { BuildReader } from './build-reader.ts';
import type { RowKind } from './log-entry.ts';

const noRows: BuildRows = { attempts: [], artifacts: [], variables: [], resumeRequests: [], jobs: [] };

/** Lists of what belongs to one build, folded from its log. An unknown build has empty lists. */
export class BuildRowLists {
  readonly #builds: Pick<BuildReader, 'log'>;

  constructor(builds: Pick<BuildReader, 'log'>) {
    this.#builds = builds;
  }

  async attempts(buildId: string, query: AttemptQuery): Promise<Page<Attempt>> {
    const { attempts } = await this.#current(buildId, 'attempts');
    const matching = [...attempts].filter((attempt) => matchesAttempt(attempt, query));
    return structuredClone(pageOf(matching, query, attemptOrder));
  }

  async attempt(buildId: string, attemptId: string): Promise<Attempt | undefined> {
    const log = await this.#builds.log(buildId);
    if (log === undefined) return undefined;
    for await (const { attempts } of log.rows(
      'newest-first',
      ({ counts }) => counts.attempts !== undefined,
    )) {
      const found = attempts?.findLast(({ id }) => id === attemptId);
      if (found !== undefined) return structuredClone(found);
    }
    return undefined;
  }

  async artifacts(buildId: string, query: ArtifactQuery): Promise<Page<Artifact>> {
    const { artifacts } = await this.#current(buildId, 'artifacts');
    const matching = [...artifacts].filter((artifact) => matchesArtifact(artifact, query));
    return structuredClone(pageOf(matching, query, artifactOrder));
  }

  async variables(buildId: string): Promise<Variable[]> {
    const { variables } = await this.#current(buildId, 'variables');
    return structuredClone(liveVariables(variables));
  }

  async resumeRequests(buildId: string): Promise<ResumeRequest[]> {
    const { resumeRequests } = await this.#current(buildId, 'resumeRequests');
    return structuredClone(sorted(resumeRequests, requestOrder));
  }

  async jobs(buildId: string): Promise<BuildJob[]> {
    const { jobs } = await this.#current(buildId, 'jobs');
    return structuredClone(sorted(jobs, jobOrder));
  }

  /** Reads only the part of the log that the page comes from. */
  async events(buildId: string, query: EventQuery): Promise<Page<BuildEvent>> {
    const { cursor, limit, skip = 0, afterSeq = 0 } = query;
    const [last = 0] = cursor === undefined ? [] : decodeCursor(cursor, eventOrder.shape);
    const log = await this.#builds.log(buildId);
    const events = (await log?.events(Math.max(afterSeq, Number(last)), skip + limit + 1)) ?? [];
    return structuredClone(pageOf(events, { limit, skip }, eventOrder));
  }

  async #current(buildId: string, kind: Exclude<RowKind, 'events'>): Promise<BuildRows> {
    const log = await this.#builds.log(buildId);
    return (await log?.current([kind])) ?? noRows;
  }
}
