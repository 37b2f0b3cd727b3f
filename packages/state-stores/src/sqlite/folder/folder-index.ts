import type {
  Artifact,
  Attempt,
  BuildChange,
  BuildHead,
  Lease,
  ResumeRequest,
  WholeBuild,
} from '@buildstate/core';
import { type RawBuilder, sql } from 'kysely';
import { artifactWriter } from '../../sql/builds/write-artifact.ts';
import type { SqlSession, Statement } from '../../sql/dialect.ts';
import { statementOf } from '../../sql/prepared.ts';
import { readRow, readRows } from '../../sql/read.ts';
import { attempts } from '../../sql/rows/attempts-rows.ts';
import { storedBuildOf, wholeBuilds } from '../../sql/rows/builds-rows.ts';
import { leases } from '../../sql/rows/leases-rows.ts';
import { resumeRequests } from '../../sql/rows/resume-requests-rows.ts';
import { stateRecords } from '../../sql/rows/state-records-rows.ts';
import { upserter } from '../../sql/write-records.ts';
import { sqliteDialect as dialect } from '../sqlite-dialect.ts';

/** What makes a build: the change that creates it, or, for one that is put back, the whole of it. */
export type Creation = BuildChange | WholeBuild;

/** What the index knows of a build's file. */
export interface IndexEntry {
  /** Version of the copy that lists show; `undefined` while there is none. */
  readonly version: number | undefined;
  /** What creates the build, while that was not seen to its end. */
  readonly creation: Creation | undefined;
}

/** A build as its file has it, for the index. */
export interface IndexedBuild {
  /** The build's head. */
  readonly head: BuildHead;
  /** All of its resume requests, which people name without the build. */
  readonly resumeRequests: readonly ResumeRequest[];
  /** How the file looked before it was read. */
  readonly stamp: string;
}

/** What a build's file has for searches over all builds. */
export interface SearchedRows {
  /** UUID of the build. */
  readonly buildId: string;
  /** The version of the build that they belong to. */
  readonly version: number;
  /** All of its attempts. */
  readonly attempts: readonly Attempt[];
  /** All of its artifacts. */
  readonly artifacts: readonly Artifact[];
}

// A slower writer must not put an older version back.
const copyBuild = upserter(dialect, wholeBuilds, ['id'], sql`where excluded.version >= builds.version`);
// The same. One that was renewed or released since is told apart by time, or by whoever wants the build.
const copyLease = upserter(dialect, leases, ['build_id'], sql`where excluded.token >= leases.token`);
const copyState = upserter(dialect, stateRecords, ['build_id', 'state']);
const copyRequest = upserter(dialect, resumeRequests, ['id', 'build_id']);
const copyAttempt = upserter(dialect, attempts, ['id', 'build_id']);
const copyArtifact = artifactWriter(dialect);
const compiled = (query: RawBuilder<unknown>): Statement => statementOf(dialect, query);

/**
 * What a folder must know of its builds together: which ids and numbers are taken, and a copy of each build for lists.
 * The builds' own files are the truth; this only has to be repaired to agree with them.
 */
export class FolderIndex {
  readonly #session: SqlSession;

  constructor(session: SqlSession) {
    this.#session = session;
  }

  /**
   * Takes the id and the number for a build that is about to be made. Once this is done, the build will be: if its
   * maker dies, whoever comes next completes it.
   * @returns the build that has one of them already
   */
  async claim(creation: Creation): Promise<string | undefined> {
    const { id, projectId, buildNumber } = creation.head.build;
    const { applied } = await this.#session.write([
      {
        ...compiled(sql`insert into build_files (build_id, project_id, build_number, change)
          values (${id}, ${projectId}, ${buildNumber}, ${JSON.stringify(creation)})`),
        guard: true,
      },
    ]);
    if (applied) return undefined;
    const row = await readRow(
      this.#session,
      compiled(sql`select build_id from build_files where build_id = ${id} union all
        select build_id from build_files where project_id = ${projectId} and build_number = ${buildNumber}`),
    );
    return String(row?.build_id);
  }

  /** What is known of a build; `undefined` when nobody has made it. */
  async entry(id: string): Promise<IndexEntry | undefined> {
    const row = await readRow(
      this.#session,
      compiled(sql`select change, (select version from builds where builds.id = build_id) as version
        from build_files where build_id = ${id}`),
    );
    if (row === undefined) return undefined;
    return {
      version: row.version === null ? undefined : Number(row.version),
      creation: row.change === null ? undefined : JSON.parse(String(row.change)),
    };
  }

  /** What creates the builds whose making was not seen to its end. */
  async unfinished(): Promise<readonly Creation[]> {
    const rows = await readRows(
      this.#session,
      compiled(sql`select change from build_files where change is not null`),
    );
    return rows.map(({ change }) => JSON.parse(String(change)));
  }

  /** How the files of the builds that may still move looked when they were copied. */
  async stamps(): Promise<ReadonlyMap<string, string>> {
    const rows = await readRows(
      this.#session,
      compiled(sql`select id, coalesce(stamp, '') as stamp from builds join build_files on build_id = id
        where status in ('pending', 'running', 'failed') and deleted_at is null`),
    );
    return new Map(rows.map(({ id, stamp }) => [String(id), String(stamp)]));
  }

  /** Copies a build from its file: all that lists and searches for waiting builds look at. Decisions read the file. */
  async refresh({ head, resumeRequests: requests, stamp }: IndexedBuild): Promise<void> {
    const { build, lease, openAttempt, states } = head;
    const state = states[build.currentState];
    await this.#session.write([
      copyBuild(storedBuildOf(head)),
      ...(lease === null ? [] : [copyLease({ buildId: build.id, ...lease })]),
      ...(openAttempt === null ? [] : [copyAttempt(openAttempt)]),
      ...(state === undefined ? [] : [copyState({ buildId: build.id, ...state })]),
      ...requests.map(copyRequest),
      compiled(sql`update build_files set stamp = ${stamp}, change = null where build_id = ${build.id}
        and exists (select 1 from builds where id = build_id and version = ${build.version})`),
    ]);
  }

  /** Copies a heartbeat. */
  async renew(buildId: string, lease: Lease): Promise<void> {
    await this.#session.write([copyLease({ buildId, ...lease })]);
  }

  /** The builds that have moved on since their attempts and artifacts were copied. */
  async uncopied(): Promise<readonly string[]> {
    const rows = await readRows(
      this.#session,
      compiled(sql`select id from builds join build_files on build_id = id
        where coalesce(copied_version, 0) < version and deleted_at is null`),
    );
    return rows.map(({ id }) => String(id));
  }

  /** Copies a build's attempts and artifacts from its file, unless somebody has copied newer ones. */
  async copyRows({ buildId, version, attempts: rows, artifacts }: SearchedRows): Promise<void> {
    await this.#session.write([
      {
        ...compiled(sql`update build_files set copied_version = ${version}
          where build_id = ${buildId} and coalesce(copied_version, 0) < ${version}`),
        guard: true,
      },
      ...rows.map(copyAttempt),
      ...artifacts.flatMap(copyArtifact),
    ]);
  }
}
