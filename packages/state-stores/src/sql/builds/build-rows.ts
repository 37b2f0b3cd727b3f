import type {
  Artifact,
  Attempt,
  BuildJob,
  LoadedBuild,
  LoadNeeds,
  ResumeRequest,
  Variable,
} from '@buildstate/core';
import type { SqlDialect, Statement } from '../dialect.ts';
import { isOneOf } from '../is-one-of.ts';
import { prepared, statementOf } from '../prepared.ts';
import { type RecordTable, type ResultRow, recordOf } from '../record-table.ts';
import { artifacts } from '../rows/artifacts-rows.ts';
import { attempts } from '../rows/attempts-rows.ts';
import { jobs } from '../rows/jobs-rows.ts';
import { resumeRequests } from '../rows/resume-requests-rows.ts';
import { variables } from '../rows/variables-rows.ts';

/** A statement that reads records, and how they are made from its rows. */
export interface RowList<R> {
  /** Reads the rows. */
  readonly statement: Statement;
  /** The records of the rows. */
  records(rows: readonly ResultRow[]): readonly R[];
}

/** The lists of a loaded build. */
export type LoadedLists = Pick<
  LoadedBuild,
  'attempts' | 'artifacts' | 'variables' | 'resumeRequests' | 'jobs'
>;

/** The lists that are wanted, by name. */
export type WantedLists = { readonly [K in keyof LoadedLists]?: RowList<LoadedLists[K][number]> | undefined };

type OfBuild = { readonly buildId: string };

/** Whole lists of a build's rows. */
export class BuildRows {
  readonly #dialect: SqlDialect;
  readonly #liveArtifacts: (values: OfBuild) => Statement;
  readonly #allArtifacts: (values: OfBuild) => Statement;
  readonly #variables: (values: OfBuild) => Statement;
  readonly #resumeRequests: (values: OfBuild) => Statement;
  readonly #jobs: (values: OfBuild) => Statement;

  constructor(dialect: SqlDialect) {
    this.#dialect = dialect;
    const { builder } = dialect;
    const artifactsOf = (id: string) =>
      builder
        .selectFrom('build_artifacts')
        .selectAll()
        .where('build_id', '=', id)
        .orderBy('state_code')
        .orderBy('created_at')
        .orderBy('id');
    this.#allArtifacts = prepared(dialect, (value) => artifactsOf(value('buildId')));
    this.#liveArtifacts = prepared(dialect, (value) =>
      artifactsOf(value('buildId')).where('deleted_at', 'is', null).where('superseded_by', 'is', null),
    );
    this.#variables = prepared(dialect, (value) =>
      builder
        .selectFrom('build_variables')
        .selectAll()

        .where('build_id', '=', value('buildId'))
        .where('deleted_at', 'is', null)
        .orderBy('variable_key')
        .orderBy('id'),
    );
    this.#resumeRequests = prepared(dialect, (value) =>
      builder
        .selectFrom('resume_requests')
        .selectAll()
        .where('build_id', '=', value('buildId'))
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc'),
    );
    this.#jobs = prepared(dialect, (value) =>
      builder
        .selectFrom('build_jobs')
        .selectAll()
        .where('build_id', '=', value('buildId'))
        .orderBy('created_at')
        .orderBy('id'),
    );
  }

  /** Attempts that a decision needs, oldest first. */
  attempts(buildId: string, { stateAbove, statuses }: NonNullable<LoadNeeds['attempts']>): RowList<Attempt> {
    const query = this.#dialect.builder
      .selectFrom('build_states')
      .selectAll()
      .where('build_id', '=', buildId)
      .where('state', '>', stateAbove)
      .where(isOneOf('status', statuses))
      .orderBy('created_at')
      .orderBy('id');
    return this.#list(attempts, statementOf(this.#dialect, query));
  }

  /** Artifacts by state and age. */
  artifacts(buildId: string, which: 'live' | 'all'): RowList<Artifact> {
    const statement = which === 'all' ? this.#allArtifacts : this.#liveArtifacts;
    return this.#list(artifacts, statement({ buildId }));
  }

  /** Live variables by key. */
  variables(buildId: string): RowList<Variable> {
    return this.#list(variables, this.#variables({ buildId }));
  }

  /** Resume requests, newest first. */
  resumeRequests(buildId: string): RowList<ResumeRequest> {
    return this.#list(resumeRequests, this.#resumeRequests({ buildId }));
  }

  /** The resume request with this id, of whatever build. */
  resumeRequest(id: string): RowList<ResumeRequest> {
    const query = this.#dialect.builder
      .selectFrom('resume_requests')
      .selectAll()
      .where('id', '=', id)
      .limit(1);
    return this.#list(resumeRequests, statementOf(this.#dialect, query));
  }

  /** Jobs, oldest first. */
  jobs(buildId: string): RowList<BuildJob> {
    return this.#list(jobs, this.#jobs({ buildId }));
  }

  /** The lists that a decision asks for. */
  wanted(buildId: string, needs: LoadNeeds): WantedLists {
    return {
      attempts: needs.attempts && this.attempts(buildId, needs.attempts),
      artifacts: needs.artifacts && this.artifacts(buildId, needs.artifacts),
      variables: needs.variables ? this.variables(buildId) : undefined,
      resumeRequests: needs.resumeRequests ? this.resumeRequests(buildId) : undefined,
      jobs: needs.jobs ? this.jobs(buildId) : undefined,
    };
  }
  #list<R>(table: RecordTable<R>, statement: Statement): RowList<R> {
    return { statement, records: (rows) => rows.map((row) => recordOf(table, row, this.#dialect)) };
  }
}
