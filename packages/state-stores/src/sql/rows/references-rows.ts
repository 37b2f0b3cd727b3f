import type { Reference, ReferenceKind } from '@buildstate/core';
import { type RecordTable, recordTable } from '../record-table.ts';

const table = (name: ReferenceKind): RecordTable<Reference> =>
  // What only one kind has is in `attributes`; the columns of that name in its table are computed from there.
  recordTable<Reference>(name, {
    id: 'text',
    name: 'text',
    displayName: 'text',
    description: 'text',
    attributes: 'json',
    createdAt: 'time',
    updatedAt: 'time',
    deactivatedAt: 'time',
  });

/** Reference data: one table for each kind. */
export const references: Readonly<Record<ReferenceKind, RecordTable<Reference>>> = {
  platforms: table('platforms'),
  os_versions: table('os_versions'),
  image_types: table('image_types'),
  cloud_providers: table('cloud_providers'),
  os_distributions: table('os_distributions'),
  image_variants: table('image_variants'),
};
