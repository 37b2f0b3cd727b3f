import { z } from 'zod';
import { verificationStatuses } from '../../artifact/artifact.ts';
import { jsonObject } from '../json.ts';
import { instant, name, state, text, uuid, wholeNumber } from '../text.ts';
import { buildReference, flag, leaseToken, page, stateQuery, time } from './common.ts';

/** An artifact in a path: its id, or its live name. */
export const artifactParams = z.strictObject({
  build_id: buildReference,
  artifact_id: name(255).describe('Id of the artifact, or the name of a live one'),
});

/** `POST /builds/{id}/artifacts`. */
export const registerArtifactBody = z.strictObject({
  id: uuid.optional().describe('Client-made id; registering with the same id again answers the same record'),
  state_code: state,
  artifact_name: name(255),
  artifact_type: name(100),
  artifact_path: text(2048).min(1).describe('URI, path, or the id of a cloud object'),
  storage_backend: name(100),
  storage_region: text(100).nullable().optional(),
  storage_bucket: text(255).nullable().optional(),
  storage_key: text(1024).nullable().optional(),
  size_bytes: z.int().min(0).nullable().optional(),
  checksum: text(200).nullable().optional().describe('sha256:<hex>, md5:<hex>, or the digits alone'),
  checksum_algorithm: z.enum(['sha256', 'md5']).nullable().optional(),
  content_type: text(200).nullable().optional(),
  is_resumable: z.boolean().optional(),
  is_final: z.boolean().optional(),
  expires_at: instant.nullable().optional(),
  metadata: jsonObject().optional(),
  parents: z.array(uuid).max(100).optional(),
  verification_status: z
    .enum(['unverified', 'stored', 'verified'])
    .optional()
    .describe('What the uploader saw'),
  replace: z.boolean().optional().describe('Take the place of a live artifact of the same name'),
  lease_token: leaseToken,
});

/** `PATCH /builds/{id}/artifacts/{artifact_id}`. */
export const updateArtifactBody = z.strictObject({
  artifact_name: name(255).optional(),
  is_resumable: z.boolean().optional(),
  is_final: z.boolean().optional(),
  expires_at: instant.nullable().optional(),
  metadata: jsonObject().optional(),
});

/** `GET /builds/{id}/artifacts`. */
export const listArtifactsQuery = z.strictObject({
  ...page,
  state_code: stateQuery.optional(),
  artifact_name: name(255).optional(),
  artifact_type: name(100).optional(),
  is_resumable: flag.optional(),
  is_final: flag.optional(),
  include_deleted: flag.optional(),
  include_inherited: flag
    .optional()
    .describe('What a branch has from the builds above it as well; `build_id` tells from which'),
});

/** `POST /builds/{id}/artifacts/{artifact_id}/verify`. */
export const verifyArtifactBody = z.strictObject({
  deep: z.boolean().optional().describe('Re-hash the bytes instead of looking at size and presence'),
  verification_status: z
    .enum(['stored', 'verified', 'missing', 'corrupt'])
    .optional()
    .describe('What the caller itself has seen, where the server cannot reach the bytes'),
});

/** `POST /builds/{id}/artifacts/{artifact_id}/promote`. */
export const promoteArtifactBody = z.strictObject({
  reason: text(8192).min(1).optional().describe('Why it is a deliverable'),
  promoted_by: name(200).optional().describe('Who says so; by default the caller'),
});

/** `GET /builds/{id}/artifacts/{artifact_id}/lineage`. */
export const lineageQuery = z.strictObject({
  depth: wholeNumber(1, 100).optional().describe('Most steps in each direction (default 20, at most 100)'),
});

/** `GET /artifacts`. */
export const searchArtifactsQuery = z.strictObject({
  ...page,
  q: text(400).min(1).optional().describe('A text in the name, the type or the path, ignoring case'),
  checksum: text(200)
    .optional()
    .describe('Who has these bytes: sha256:<hex>, md5:<hex>, or the digits alone'),
  made_from: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits')
    .optional()
    .describe(
      "Made from the same inputs: the digest that `bldst run` writes as `made_from` into an artifact's metadata. Stores of documents look at the newest builds only",
    ),
  project_id: name().optional().describe('Id or name of the project'),
  artifact_type: name(100).optional(),
  parent_id: uuid.optional().describe('Id of an artifact that it was made from'),
  is_final: flag.optional(),
  is_pinned: flag.optional(),
  include_deleted: flag.optional().describe('Deleted and superseded ones as well'),
});

/** An artifact as it is answered. */
export const artifactAnswer = z
  .object({
    id: z.string(),
    build_id: z.string(),
    state_code: z.int(),
    attempt: z.int().nullable(),
    artifact_name: z.string(),
    version: z.int(),
    superseded_by: z.string().nullable(),
    artifact_type: z.string(),
    artifact_path: z.string(),
    replicas: z.array(z.string()),
    storage_backend: z.string(),
    storage_region: z.string().nullable(),
    storage_bucket: z.string().nullable(),
    storage_key: z.string().nullable(),
    size_bytes: z.int().nullable(),
    checksum: z.string().nullable(),
    checksum_algorithm: z.enum(['sha256', 'md5']).nullable(),
    content_type: z.string().nullable(),
    is_resumable: z.boolean(),
    is_final: z.boolean(),
    expires_at: time.nullable(),
    metadata: z.record(z.string(), z.unknown()),
    signature: z.string().nullable(),
    parents: z.array(z.string()),
    pinned_at: time.nullable().describe('Since when it is protected from deletion and clean-up'),
    promoted_at: time.nullable().describe('When it was made a deliverable'),
    promoted_by: z.string().nullable(),
    promotion_reason: z.string().nullable(),
    verification_status: z.enum(verificationStatuses),
    last_verified_at: time.nullable(),
    created_at: time,
    updated_at: time,
    deleted_at: time.nullable(),
  })
  .meta({ id: 'Artifact' });

/** The answer to a registration. */
export const registeredArtifactAnswer = artifactAnswer
  .extend({ warnings: z.array(z.string()) })
  .meta({ id: 'RegisteredArtifact' });

/** What a record that was found over all builds says of its build. */
export const ofBuild = {
  build_number: z.string(),
  project_id: z.string(),
  project: z.string(),
};

/** An artifact that was found over all builds. */
export const foundArtifactAnswer = artifactAnswer.extend(ofBuild).meta({ id: 'FoundArtifact' });

/** An artifact in a lineage. */
const relativeAnswer = z
  .object({
    artifact_id: z.string(),
    depth: z.int().describe('The fewest steps that lead to it; 0 for the artifact asked for'),
    known: z
      .boolean()
      .describe('False for a parent that is not there or that the key may not read: only its id is known'),
    build_id: z.string().nullable(),
    build_number: z.string().nullable(),
    project: z.string().nullable(),
    artifact_name: z.string().nullable(),
    artifact_type: z.string().nullable(),
    state_code: z.int().nullable(),
    version: z.int().nullable(),
    checksum: z.string().nullable(),
    checksum_algorithm: z.enum(['sha256', 'md5']).nullable(),
    is_final: z.boolean().nullable(),
    deleted_at: time.nullable(),
    parents: z.array(z.string()).describe('Ids of what it was made from'),
  })
  .meta({ id: 'ArtifactRelative' });

/** What an artifact was made from, and what was made from it. */
export const lineageAnswer = z
  .object({
    artifact: relativeAnswer,
    ancestors: z.array(relativeAnswer).describe('What it was made from, nearest first, each once'),
    descendants: z.array(relativeAnswer).describe('What was made from it, nearest first, each once'),
    truncated: z
      .boolean()
      .describe('Whether there are more beyond `depth`, or beyond 1,000 in one direction'),
  })
  .meta({ id: 'Lineage' });
