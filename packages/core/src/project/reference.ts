import type { JsonObject } from '../build/build.ts';
import type { Timestamp } from '../build/timestamp.ts';

/** The kinds of reference data that a build points to, by the names of their tables. */
export const referenceKinds = [
  'platforms',
  'os_versions',
  'image_types',
  'cloud_providers',
  'os_distributions',
  'image_variants',
] as const;
/** A kind of reference data. */
export type ReferenceKind = (typeof referenceKinds)[number];

/** One entry of reference data. */
export interface Reference {
  /** UUID. */
  readonly id: string;
  /** Unique within its kind. */
  readonly name: string;
  /** For people. */
  readonly displayName: string | null;
  /** For people. */
  readonly description: string | null;
  /** What only this kind has: a platform's cloud provider and region, a version's numbers. Snake case keys. */
  readonly attributes: JsonObject;
  /** When it was made. */
  readonly createdAt: Timestamp;
  /** When it last changed. */
  readonly updatedAt: Timestamp;
  /** When it was deleted (softly). */
  readonly deactivatedAt: Timestamp | null;
}
