import type { Build, BuildChange, BuildHead, StoreHint } from '@buildstate/core';
import { type RawBuilder, sql } from 'kysely';
import type { SqlDialect, WriteStatement } from '../dialect.ts';
import { cellsOf } from '../record-table.ts';
import { storedBuildOf, wholeBuilds } from '../rows/builds-rows.ts';
import { inserter } from '../write-records.ts';
import { input, joined, type ShapeColumn, type WriteShape } from '../write-shape.ts';

/** Writes the row of a build. */
export interface HeadWriter {
  /** A new row. Refused when the id, or the number in the project, is taken. */
  insert(head: BuildHead): WriteStatement;
  /** The changed row. Refused when the build is no longer what was decided on. */
  update(change: Pick<BuildChange, 'head' | 'before'>, expected: Expected): WriteStatement;
}

type Expected = NonNullable<BuildChange['expected']>;
type Update = (head: BuildHead, expected: Expected) => WriteStatement;

/** Fixed once a build exists. Updates leave them out, so that the indexes over them need not be touched. */
const fixed: readonly string[] = [
  ...['id', 'project_id', 'project', 'build_number', 'parent_build_id', 'created_at', 'created_by'],
  ...['branch_until'],
  ...['platform_id', 'platform', 'os_version_id', 'os_version', 'image_type_id', 'image_type'],
  ...['os_distribution_id', 'image_variant_id', 'cloud_provider'],
];

const changing = wholeBuilds.columns.filter(({ name }) => !fixed.includes(name));

/** What transitions leave as it is. */
const details = [
  ...(['description', 'branchKey', 'branchedFromState', 'resumeToken'] as const),
  ...(['branches', 'metadata', 'history', 'deletedAt'] as const),
] satisfies readonly (keyof Build)[];

const detailColumns: readonly string[] = wholeBuilds.columns
  .filter(({ field }) => (details as readonly string[]).includes(field))
  .map(({ name }) => name);

/** Which of the columns that can change are written. */
type Extent = 'all' | 'progress';

const columnsOf: Readonly<Record<Extent, typeof wholeBuilds.columns>> = {
  all: changing,
  progress: changing.filter(({ name }) => !detailColumns.includes(name)),
};

function extentOf({ head, before }: Pick<BuildChange, 'head' | 'before'>): Extent {
  if (before === undefined) return 'all';
  return details.every((field) => head.build[field] === before.build[field]) ? 'progress' : 'all';
}

/** What is guarded besides the build's version. */
type Guard = 'lease' | 'project';

/** What a value is called where guards compare it. */
type Compared = '$token' | '$renewals' | '$revision';

/** Conditions on the lease and the project of a build, for those that a decision rests on. */
function guardsHold(
  { holdingRows }: SqlDialect,
  value: (name: Compared) => unknown,
  guards: readonly Guard[],
): RawBuilder<unknown> {
  const lease = sql`and exists (select 1 from leases where leases.build_id = builds.id
    and leases.token = ${value('$token')} and leases.renewals = ${value('$renewals')} ${holdingRows})`;
  const project = sql`and ${value('$revision')} =
    (select revision from projects where projects.id = builds.project_id)`;
  return sql`${guards.includes('lease') ? lease : sql``} ${guards.includes('project') ? project : sql``}`;
}

/**
 * The one statement that moves a build on. It checks version, lease and project itself, so that nothing can come
 * between.
 */
function updateQuery(
  dialect: SqlDialect,
  value: (name: string) => unknown,
  extent: Extent,
  guards: readonly Guard[],
): RawBuilder<unknown> {
  const set = sql.join(columnsOf[extent].map(({ name }) => sql`${sql.ref(name)} = ${value(name)}`));
  return sql`update builds set ${set} where id = ${value('id')} and version = ${value('$version')}
    ${guardsHold(dialect, value, guards)}`;
}

const compared: Readonly<Record<Guard, readonly ShapeColumn[]>> = {
  lease: [
    { name: '$token', kind: 'integer' },
    { name: '$renewals', kind: 'integer' },
  ],
  project: [{ name: '$revision', kind: 'integer' }],
};

/** The same for many builds. Its values are in the order of the parameters of `updateQuery`. */
function updateShape(dialect: SqlDialect, extent: Extent, guards: readonly Guard[]): WriteShape {
  const written = columnsOf[extent];
  return {
    name: ['update builds', extent, ...guards].join(' '),
    columns: [
      ...written,
      { name: 'id', kind: 'text' },
      { name: '$version', kind: 'integer' },
      ...guards.flatMap((guard) => compared[guard]),
    ],
    build: written.length,
    decides: true,
    many: (source) => sql`update builds
      set ${joined(written.map(({ name }) => sql`${sql.ref(name)} = ${input(name)}`))}
      from ${source} where builds.id = ${input('id')} and builds.version = ${input('$version')}
      ${guardsHold(dialect, input, guards)} returning builds.id`,
  };
}

function hintOf({ build }: BuildHead): StoreHint {
  return { kind: 'build', buildId: build.id, version: build.version };
}

/** The writer of builds' rows for a dialect. */
export function headWriter(dialect: SqlDialect): HeadWriter {
  const insert = inserter(dialect, wholeBuilds);
  const updateWith = (extent: Extent, ...guards: readonly Guard[]): Update => {
    // The values come in the order of the shape's columns, which is that in which the statement names them.
    const text = updateQuery(dialect, () => sql.val(null), extent, guards).compile(dialect.builder).sql;
    const shape = updateShape(dialect, extent, guards);
    return (head, { version, lease, projectRevision }) => {
      const cells = cellsOf(columnsOf[extent], storedBuildOf(head), dialect);
      cells.push(head.build.id, version);
      if (guards.includes('lease')) cells.push(lease?.token, lease?.renewals);
      if (guards.includes('project')) cells.push(projectRevision);
      return { sql: text, parameters: cells, shape, guard: true, hint: hintOf(head) };
    };
  };
  const updatersOf = (extent: Extent) => ({
    plain: updateWith(extent),
    leased: updateWith(extent, 'lease'),
    ofProject: updateWith(extent, 'project'),
    leasedOfProject: updateWith(extent, 'lease', 'project'),
  });
  const updaters = { all: updatersOf('all'), progress: updatersOf('progress') };

  function updater(extent: Extent, { lease, projectRevision }: Expected): Update {
    const { plain, leased, ofProject, leasedOfProject } = updaters[extent];
    if (projectRevision === undefined) return lease === undefined ? plain : leased;
    return lease === undefined ? ofProject : leasedOfProject;
  }

  return {
    insert: (head) => ({ ...insert(storedBuildOf(head)), hint: hintOf(head), guard: true }),
    update: (change, expected) => updater(extentOf(change), expected)(change.head, expected),
  };
}
