import { z } from 'zod';
import { type ReferenceKind, referenceKinds } from '../../project/reference.ts';
import { isUuid } from '../../text/uuid.ts';
import { type ReferenceOperations, referenceOperations } from '../reference-routes.ts';
import { name, text, uuid } from '../text.ts';
import { flag, noQuery, page, time } from './common.ts';

const referenceName = name(100).refine((value) => !isUuid(value), 'must not look like an id');
const word = name(100).nullable().optional();
/** Numbers of versions are kept as they are written: `9`, `"04"`. */
const number = z
  .union([z.int().min(0), name(50)], { error: 'must be a whole number or a text' })
  .nullable()
  .optional();

const answeredWord = z.string().nullable();
const answeredNumber = z.union([z.int(), z.string()]).nullable();
const reference = uuid.nullable().optional();

const editable = {
  display_name: name(200).nullable().optional(),
  description: text(8192).nullable().optional(),
};
const createdFields = {
  id: uuid.optional().describe('Client-made id; adding the same entry with it again answers that entry'),
  name: referenceName.describe('Unique in its kind'),
  ...editable,
};
const changedFields = { name: referenceName.optional(), ...editable };
const answeredFields = {
  id: z.string(),
  name: z.string(),
  display_name: answeredWord,
  description: answeredWord,
  created_at: time,
  updated_at: time,
  deactivated_at: time.nullable(),
};

const noParams = z.strictObject({});
const oneParams = z.strictObject({ id: name(100).describe('Id or name of the entry') });
const listQuery = z.strictObject({ ...page, include_deactivated: flag.optional() });
const none = z.undefined();

/**
 * The schemas of one kind.
 * @param id what an entry is called in the API's documentation
 * @param own the fields that only this kind has, as they are sent
 * @param ownAnswers the same, as they are answered
 */
function kindOf<Own extends z.ZodRawShape, OwnAnswers extends { readonly [F in keyof Own]: z.ZodType }>(
  id: string,
  own: Own,
  ownAnswers: OwnAnswers,
) {
  return {
    create: z.strictObject({ ...createdFields, ...own }),
    change: z.strictObject({ ...changedFields, ...own }),
    answer: z.object({ ...answeredFields, ...ownAnswers }).meta({ id }),
    ownFields: Object.keys(own),
  };
}

const kinds = {
  platforms: kindOf(
    'Platform',
    { cloud_provider: word, region: word },
    { cloud_provider: answeredWord, region: answeredWord },
  ),
  os_versions: kindOf(
    'OsVersion',
    {
      version: word,
      os_family: word,
      major_version: number,
      minor_version: number,
      os_distribution_id: reference,
    },
    {
      version: answeredWord,
      os_family: answeredWord,
      major_version: answeredNumber,
      minor_version: answeredNumber,
      os_distribution_id: answeredWord,
    },
  ),
  image_types: kindOf('ImageType', { image_variant_id: reference }, { image_variant_id: answeredWord }),
  cloud_providers: kindOf('CloudProvider', {}, {}),
  os_distributions: kindOf('OsDistribution', {}, {}),
  image_variants: kindOf('ImageVariant', {}, {}),
} as const satisfies Readonly<Record<ReferenceKind, unknown>>;

type Create<K extends ReferenceKind> = (typeof kinds)[K]['create'];
type Change<K extends ReferenceKind> = (typeof kinds)[K]['change'];
type Answer<K extends ReferenceKind> = (typeof kinds)[K]['answer'];
/** The schemas of one operation on a kind of reference data. */
export interface Operation<Params, Query, Body, Reply> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly answer: Reply;
}
type None = typeof none;
type NoQuery = typeof noQuery;

/** The schemas of every operation on reference data, by its name. */
export type ReferenceSchemas = {
  readonly [K in ReferenceKind as ReferenceOperations<K>['create']]: Operation<
    typeof noParams,
    NoQuery,
    Create<K>,
    Answer<K>
  >;
} & {
  readonly [K in ReferenceKind as ReferenceOperations<K>['list']]: Operation<
    typeof noParams,
    typeof listQuery,
    None,
    z.ZodArray<Answer<K>>
  >;
} & {
  readonly [K in ReferenceKind as ReferenceOperations<K>['get']]: Operation<
    typeof oneParams,
    NoQuery,
    None,
    Answer<K>
  >;
} & {
  readonly [K in ReferenceKind as ReferenceOperations<K>['update']]: Operation<
    typeof oneParams,
    NoQuery,
    Change<K>,
    Answer<K>
  >;
} & {
  readonly [K in ReferenceKind as ReferenceOperations<K>['delete']]: Operation<
    typeof oneParams,
    NoQuery,
    None,
    None
  >;
};

function schemasOf(kind: ReferenceKind): [string, Operation<z.ZodType, z.ZodType, z.ZodType, z.ZodType>][] {
  const names = referenceOperations(kind);
  const { create, change, answer } = kinds[kind];
  return [
    [names.create, { params: noParams, query: noQuery, body: create, answer }],
    [names.list, { params: noParams, query: listQuery, body: none, answer: z.array(answer) }],
    [names.get, { params: oneParams, query: noQuery, body: none, answer }],
    [names.update, { params: oneParams, query: noQuery, body: change, answer }],
    [names.delete, { params: oneParams, query: noQuery, body: none, answer: none }],
  ];
}

/** The schemas of all operations on reference data: written once, for each kind its own fields. */
export const referenceSchemas = Object.fromEntries(
  referenceKinds.flatMap(schemasOf),
) as unknown as ReferenceSchemas;

/** The names of the fields that only one kind has, in snake case. */
export function ownFieldNames(kind: ReferenceKind): readonly string[] {
  return kinds[kind].ownFields;
}
