import type { OperationAnswer, OperationName, ReferenceKind, ReferenceOperations } from '@buildstate/core';
import { referenceOperations } from '@buildstate/core/routes';
import type { BodyOf, CallOptions, Paging, QueryOf } from './call.ts';
import type { Listing } from './listing.ts';
import type { Operations } from './operations.ts';

type Verb = keyof ReferenceOperations<ReferenceKind>;
type OperationOn<K extends ReferenceKind, V extends Verb> = Extract<ReferenceOperations<K>[V], OperationName>;

/** An entry of reference data as it is answered; what only its kind has stands among the other fields. */
export type ReferenceRecord<K extends ReferenceKind = ReferenceKind> = OperationAnswer<OperationOn<K, 'get'>>;
/** An entry of reference data as it is sent. */
export type NewReference<K extends ReferenceKind = ReferenceKind> = BodyOf<OperationOn<K, 'create'>>;
/** What is changed of an entry. */
export type ReferenceChanges<K extends ReferenceKind = ReferenceKind> = BodyOf<OperationOn<K, 'update'>>;

/** Reference data of one kind. An entry is named by its id or its name. */
export interface ReferencesApi<K extends ReferenceKind = ReferenceKind> {
  /** Adds an entry. @throws AlreadyExistsError for a taken name; ValidationError */
  create(entry: NewReference<K>, options?: CallOptions): Promise<ReferenceRecord<K>>;
  /** All entries, by name. */
  list(
    query?: Omit<QueryOf<OperationOn<K, 'list'>>, Paging>,
    options?: CallOptions,
  ): Listing<ReferenceRecord<K>>;
  /** One entry. @throws NotFoundError */
  get(entry: string, options?: CallOptions): Promise<ReferenceRecord<K>>;
  /** Changes an entry; what is left out stays, and a deactivated one is active again. @throws NotFoundError */
  update(entry: string, changes: ReferenceChanges<K>, options?: CallOptions): Promise<ReferenceRecord<K>>;
  /** Deactivates an entry; builds that point to it stay. Needs the admin scope. @throws NotFoundError */
  delete(entry: string, options?: CallOptions): Promise<void>;
}

/** Where each kind is found in the facade. */
export interface ReferenceApis {
  /** What images are made for: clouds and their regions, hypervisors, bare metal. */
  readonly platforms: ReferencesApi<'platforms'>;
  /** Versions of operating systems. */
  readonly osVersions: ReferencesApi<'os_versions'>;
  /** Kinds of images. */
  readonly imageTypes: ReferencesApi<'image_types'>;
  /** Clouds. */
  readonly cloudProviders: ReferencesApi<'cloud_providers'>;
  /** Operating systems. */
  readonly osDistributions: ReferencesApi<'os_distributions'>;
  /** Variants of images. */
  readonly imageVariants: ReferencesApi<'image_variants'>;
}

function referencesApi<K extends ReferenceKind>({ call, list }: Operations, kind: K): ReferencesApi<K> {
  const names = referenceOperations(kind);
  // All kinds have the same five operations; only the fields of an entry differ, and those the interface names.
  const api = {
    create: (body, options) => call(names.create as 'createPlatform', { body }, options),
    list: (query = {}, options) => list(names.list as 'listPlatforms', {}, query, options),
    get: (id, options) => call(names.get as 'getPlatform', { params: { id } }, options),
    update: (id, body, options) => call(names.update as 'updatePlatform', { params: { id }, body }, options),
    delete: (id, options) => call(names.delete as 'deletePlatform', { params: { id } }, options),
  } satisfies ReferencesApi<'platforms'>;
  return api as unknown as ReferencesApi<K>;
}

/** The facade's parts for reference data. */
export function referenceApis(operations: Operations): ReferenceApis {
  return {
    platforms: referencesApi(operations, 'platforms'),
    osVersions: referencesApi(operations, 'os_versions'),
    imageTypes: referencesApi(operations, 'image_types'),
    cloudProviders: referencesApi(operations, 'cloud_providers'),
    osDistributions: referencesApi(operations, 'os_distributions'),
    imageVariants: referencesApi(operations, 'image_variants'),
  };
}
