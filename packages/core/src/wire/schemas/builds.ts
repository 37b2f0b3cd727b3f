import { z } from 'zod';
import { branchKeyPattern, longestBranchKey } from '../../branch/branch.ts';
import { buildHistories } from '../../build/build.ts';
import { attemptStatuses, buildStatuses } from '../../build/status.ts';
import { jsonObject } from '../json.ts';
import { instant, name, state, text, uuid } from '../text.ts';
import { buildParams, flag, page, stateQuery, time } from './common.ts';
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
const branchKey = text(longestBranchKey)
  .min(1)
  .regex(
    branchKeyPattern,
    'may have letters, digits, dots, hyphens and underscores, beginning with a letter or digit',
  );
/** `POST /builds/{id}/branches`. */
export const forkBuildBody = z.strictObject({
  key: branchKey.describe('The key of the branch: its build is `parent/key`'),
  from_state: state
    .optional()
    .describe('The completed state after which it begins; the last successful one when left out'),
  until: state
    .optional()
    .describe(
      'The state that it must complete before the parent goes beyond it; without it the parent does not wait',
    ),
  again: z
    .boolean()
    .optional()
    .describe('Replace the branch that has the key: it is cancelled, and the key is forked anew'),
  id: uuid.optional().describe('Client-made id of the build that becomes the branch'),
  platform_id: uuid.optional(),
  platform: name(100).optional().describe("The branch's own platform; the parent's when left out"),
  description: text(8192).optional(),
  metadata: jsonObject().optional(),
  created_by: name(200).optional(),
});
/** The path of a branch. */
export const branchParams = z.strictObject({ ...buildParams.shape, branch_key: branchKey });

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
/** `GET /builds/{id}/tree`. */
export const treeQuery = z.strictObject({
  outlook: flag
    .optional()
    .describe('Whether each build shows `eta`, `stalled`, `attention` and `holder`; costs a look at each'),
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

/** A branch as its parent shows it. */
export const branchAnswer = z
  .object({
    branch_key: z.string(),
    build_id: z.string(),
    from_state: z.int().describe('The state after which it begins'),
    until: z.int().nullable().describe('The state that the parent waits for; null: it does not wait'),
    generation: z.int().describe('How often the key was forked'),
    replaces: z.string().nullable().describe('The build whose place it took'),
    let_go_at: time.nullable().describe('Since when the parent goes on without it'),
    undone_at: time.nullable().describe('Since when the parent is rolled back to before the fork'),
  })
  .meta({ id: 'Branch' });

/** A branch that holds its parent. */
export const blockerAnswer = z
  .object({
    build_id: z.string(),
    branch_key: z.string(),
    status: z.enum(buildStatuses),
    current_state: z.int(),
    until: z.int().describe('The state that it has to complete'),
    made: z.boolean().describe('Whether its build is there; if not, the same fork asked for again makes it'),
  })
  .meta({ id: 'Blocker' });

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
    branch_until: z.int().nullable().describe('Where a branch ends and its parent waits for it'),
    branches: z.array(branchAnswer),
    blocked_by: z
      .array(blockerAnswer)
      .describe('The branches that it waits for before it goes beyond `until`'),
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
    history: z.enum(buildHistories).describe('How much of its history is there'),
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

/** A build in its tree. */
const treeBuildAnswer = listedBuildAnswer
  .extend({
    depth: z.int().describe('0 for the build at the root'),
    let_go_at: time.nullable().describe('Since when its parent goes on without it'),
    undone_at: time.nullable().describe('Since when its parent is rolled back to before the fork'),
  })
  .meta({ id: 'TreeBuild' });

/** `GET /builds/{id}/tree`. */
export const treeAnswer = z
  .object({
    build_id: z.string().describe('The build that was asked about'),
    root_build_id: z.string(),
    builds: z.array(treeBuildAnswer).describe('Every build before its branches, these by their keys'),
    truncated: z.boolean().describe('Whether the tree has more builds than are shown'),
  })
  .meta({ id: 'BuildTree' });
