import type { DdlTypes } from '../../dialect.ts';

/** What each kind of reference data has of its own: members of its `attributes`, shown as columns. */
const ownColumns: Readonly<Record<string, readonly string[]>> = {
  platforms: ['cloud_provider', 'region'],
  os_versions: ['version', 'os_family', 'major_version', 'minor_version', 'os_distribution_id'],
  image_types: ['image_variant_id'],
  cloud_providers: [],
  os_distributions: [],
  image_variants: [],
};

/** Reference data that builds point to. */
export function referenceTables(t: DdlTypes): string[] {
  return Object.entries(ownColumns).map(
    ([table, own]) => `CREATE TABLE ${table} (
      id ${t.text} NOT NULL PRIMARY KEY,
      name ${t.text} NOT NULL UNIQUE,
      display_name ${t.text},
      description ${t.text},
      attributes ${t.json} NOT NULL,
      ${own.map((column) => `${column} ${t.memberOf('attributes', column)},`).join('\n      ')}
      created_at ${t.time} NOT NULL,
      updated_at ${t.time} NOT NULL,
      deactivated_at ${t.time}
    ) ${t.tableOptions}`,
  );
}
