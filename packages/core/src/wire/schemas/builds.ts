import { z } from 'zod';
import { attemptStatuses, buildStatuses } from '../../build/status.ts';
import { jsonObject } from '../json.ts';
import { instant, name, text, uuid } from '../text.ts';
import { flag, page, stateQuery, time } from './common.ts';
import { attentionAnswer, etaAnswer, etaSummaryAnswer, stallAnswer } from './estimates.ts';
import { jobFields } from './jobs.ts';

/** `POST /builds`. References are given by id or by name. */
export const createBuildBody = z.strictObject({
  id: uuid.optional().describe('Client-made id; creating with the same id again answers the same build'),
  project_id: uuid.optional(),
  project: name(100).optional().describe('Name of the project; made on first use where the server allows it'),
  platform_id: uuid.optional(),
  platform: name(100).optional(),
  os_version_id: uuid.optional(),
  os_version: name(100).optional(),
  image_type_id: uuid.optional(),
  image_type: name(100).optional(),
  os_distribution_id: uuid.optional(),
  os_distribution: name(100).optional(),
  image_variant_id: uuid.optional(),
  image_variant: name(100).optional(),
  cloud_provider_id: uuid.optional(),
  cloud_provider: name(100).optional(),
  build_number: name(200).optional().describe('Unique in the project; the next number when left out'),
  description: text(8192).optional(),
  metadata: jsonObject().optional(),
  created_by: name(200).optional(),
  job: z.strictObject(jobFields).optional().describe('The CI job behind the build'),
});
/** `PATCH /builds/{id}`. */
export const updateBuildBody = z.strictObject({
  description: text(8192).nullable().optional(),
  metadata: jsonObject().optional(),
  event_id: uuid.optional(),
});
/** `GET /builds`. */
export const listBuildsQuery = z.strictObject({
  ...page,
  project_id: name().optional().describe('Id or name of the project'),
  status: z.enum(buildStatuses).optional(),
  platform_id: name().optional().describe('Id or name of the platform'),
  state_min: stateQuery.optional(),
  state_max: stateQuery.optional(),
  parent_build_id: uuid.optional(),
  q: text(400).optional().describe('A text in the number or description'),
  since: instant.optional(),
  outlook: flag
    .optional()
    .describe('Whether each build shows `eta`, `stalled`, `attention` and `holder`; costs a look at each'),
  needs_attention: flag
    .optional()
    .describe(
      'Only builds that somebody should look at, with what `outlook` shows. A page may hold fewer than `limit`, or none, while there are more: follow the `Link` header',
    ),
});
/** `GET /builds/{id}/states`. */
export const listAttemptsQuery = z.strictObject({
  ...page,
  state: stateQuery.optional(),
  status: z.enum(attemptStatuses).optional(),
});
/** `GET /builds/{id}/failures`. */
export const listFailuresQuery = z.strictObject({ ...page, state: stateQuery.optional() });
/** Where an artifact of an attempt is, as it is answered. */
export const artifactReferenceAnswer = {
  artifact_storage_type: z.string().nullable(),
  artifact_storage_path: z.string().nullable(),
  artifact_size_bytes: z.int().nullable(),
  artifact_checksum: z.string().nullable(),
  artifact_metadata: z.record(z.string(), z.unknown()).nullable(),
};

/** An attempt as it is answered. */
export const attemptAnswer = z
  .object({
    id: z.string(),
    build_id: z.string(),
    event_id: z.string(),
    state: z.int(),
    state_name: z.string(),
    attempt: z.int().nullable(),
    status: z.enum(attemptStatuses),
    message: z.string().nullable(),
    start_time: time.nullable(),
    start_inferred: z.boolean(),
    end_time: time.nullable(),
    duration_seconds: z.number().nullable(),
    closed_by: z.string().nullable(),
    error_message: z.string().nullable(),
    error_code: z.string().nullable(),
    error_category: z.string().nullable(),
    component: z.string().nullable(),
    error_details: z.unknown(),
    retry_count: z.int(),
    reported_by: z.string().nullable(),
    job_id: z.string().nullable(),
    lease_token: z.int().nullable(),
    ...artifactReferenceAnswer,
    metadata: z.record(z.string(), z.unknown()),
    created_at: time,
  })
  .meta({ id: 'Attempt' });

/** A lease as it is shown to everybody. */
export const leaseAnswer = z
  .object({
    build_id: z.string(),
    holder: z.string(),
    identity: z.record(z.string(), z.unknown()).nullable(),
    token: z.int(),
    ttl_seconds: z.number(),
    acquired_at: time,
    expires_at: time,
    released_at: time.nullable(),
  })
  .meta({ id: 'Lease' });

/** A build as it is answered. */
export const buildAnswer = z
  .object({
    id: z.string(),
    build_number: z.string(),
    project_id: z.string(),
    project: z.string(),
    platform_id: z.string().nullable(),
    platform: z.string().nullable(),
    os_version_id: z.string().nullable(),
    os_version: z.string().nullable(),
    image_type_id: z.string().nullable(),
    image_type: z.string().nullable(),
    cloud_provider: z.string().nullable(),
    os_distribution_id: z.string().nullable(),
    image_variant_id: z.string().nullable(),
    description: z.string().nullable(),
    current_state: z.int(),
    current_state_name: z.string(),
    current_state_display_name: z.string(),
    last_successful_state: z.int(),
    failed_state: z.int().nullable(),
    status: z.enum(buildStatuses),
    progress: z.int().describe('Completed work in per cent'),
    progress_line: z.string(),
    version: z.int(),
    next_retry_at: time.nullable(),
    parent_build_id: z.string().nullable(),
    branch_key: z.string().nullable(),
    branched_from_state: z.int().nullable(),
    resume_token: z.string().nullable(),
    metadata: z.record(z.string(), z.unknown()),
    created_by: z.string().nullable(),
    created_at: time,
    updated_at: time,
    start_time: time.nullable(),
    end_time: time.nullable(),
    duration_seconds: z.number().nullable(),
    releasable_at: time
      .nullable()
      .describe('Since when one of its artifacts is promoted; null while none is'),
    deleted_at: time.nullable(),
  })
  .meta({ id: 'Build' });

/** A build in a list. */
export const listedBuildAnswer = buildAnswer
  .extend({
    eta: etaSummaryAnswer
      .nullable()
      .optional()
      .describe('What is left of it; there if `outlook` was asked for'),
    stalled: stallAnswer.nullable().optional(),
    attention: z.array(attentionAnswer).optional(),
    holder: z.string().nullable().optional().describe('Who holds the live lease'),
  })
  .meta({ id: 'ListedBuild' });

/** A build with what is going on in it. */
export const buildDetailsAnswer = buildAnswer
  .extend({
    artifact_base: z.string().nullable().describe('Where workers store artifacts of this build'),
    open_attempt: attemptAnswer.nullable(),
    last_failure: attemptAnswer.nullable(),
    lease: leaseAnswer.nullable().describe('The live lease'),
    eta: etaAnswer
      .nullable()
      .describe('What is left of it; null when it is over, when nothing is known, and in answers to changes'),
    stalled: stallAnswer
      .nullable()
      .describe('The open attempt, if it should be over; null in answers to changes as well'),
    attention: z.array(attentionAnswer).describe('Why somebody should look at it'),
  })
  .meta({ id: 'BuildDetails' });
