import { z } from 'zod';
import { buildStatuses, reportedStatusSpellings } from '../../build/status.ts';
import { failureCategories } from '../../retry/category.ts';
import { jsonObject, jsonValue } from '../json.ts';
import { instant, name, state, text, uuid } from '../text.ts';
import { attemptAnswer } from './builds.ts';
import { eventId, flag, leaseToken, problemAnswer, time } from './common.ts';

const spellings = Object.keys(reportedStatusSpellings) as (keyof typeof reportedStatusSpellings)[];

const who = {
  reported_by: name(400).optional().describe('Who reports: the CI job, else user@host'),
  job_id: text(400).optional(),
  lease_token: leaseToken,
  takeover: z.boolean().optional().describe("Take over another reporter's open attempt that has no lease"),
  event_id: eventId,
};

const failure = {
  error_message: text(8192).optional(),
  error_code: text(400).optional(),
  component: text(200).optional(),
  error_details: jsonValue().optional(),
  category: z.enum(failureCategories).optional(),
  is_retryable: z.boolean().optional(),
};

/** The five artifact fields of a report. */
const artifactFields = {
  artifact_storage_type: name(100).optional(),
  artifact_storage_path: text(2048).min(1).optional(),
  artifact_size_bytes: z.int().min(0).optional(),
  artifact_checksum: text(200).optional(),
  artifact_metadata: jsonObject().optional(),
};

/** An artifact that is registered together with the report that completes its state. */
const producedArtifact = {
  artifact_name: name(255).optional().describe('Registers the artifact under this name in the same change'),
  artifact_type: name(100).optional(),
  artifact_verification_status: z
    .enum(['unverified', 'stored', 'verified'])
    .optional()
    .describe('What the uploader saw'),
};

/** `POST /builds/{id}/state`: one transition. */
export const recordStateBody = z.strictObject({
  state: state.optional(),
  state_code: state.optional(),
  state_name: name(100).optional().describe('A name or alias of the catalogue'),
  status: z.enum(spellings).optional().describe('How it went (default `completed`)'),
  message: text(8192).optional(),
  start_time: instant.optional(),
  end_time: instant.optional(),
  metadata: jsonObject().optional(),
  ...failure,
  ...artifactFields,
  ...producedArtifact,
  ...who,
});

/** Most reports of a batch: as many as a build may have attempts. */
const mostReports = 10_000;
/** A report of a batch: checked when its turn comes, so that a bad one harms no other. */
const reportOfBatch = z
  .unknown()
  .meta({ $ref: '#/components/schemas/RecordStateInput' }) as unknown as z.ZodType<
  unknown,
  z.input<typeof recordStateBody>
>;

/** `POST /builds/{id}/states/batch`: transitions, in order. */
export const recordStatesBody = z
  .array(reportOfBatch)
  .max(mostReports)
  .transform((reports) => ({ reports }));
/** The query of the same. */
export const recordStatesQuery = z.strictObject({
  stop_on_error: flag.optional().describe('Whether nothing after a refused report is tried (default false)'),
});

/** `POST /builds/{id}/failure`. */
export const recordFailureBody = z.strictObject({
  state: state.optional(),
  state_code: state.optional(),
  state_name: name(100).optional(),
  message: text(8192).optional(),
  start_time: instant.optional(),
  end_time: instant.optional(),
  metadata: jsonObject().optional(),
  ...failure,
  details: jsonValue().optional().describe('The same as `error_details`'),
  ...who,
});

/** `POST /builds/{id}/retry`. */
export const retryBody = z.strictObject({
  state: state.optional(),
  reason: text(8192).optional(),
  reported_by: who.reported_by,
  lease_token: leaseToken,
  event_id: eventId,
});
/** `POST /builds/{id}/rollback`. */
export const rollbackBody = z.strictObject({
  target_state: state.optional().describe('Default: the completed state before the last'),
  state: state.optional().describe('The same as `target_state`'),
  reason: text(8192).optional(),
  reported_by: who.reported_by,
  lease_token: leaseToken,
  event_id: eventId,
});
/** `POST /builds/{id}/cancel`. */
export const cancelBody = z.strictObject({
  reason: text(8192).optional(),
  reported_by: who.reported_by,
  event_id: eventId,
});

/** How long a lease lives without renewal. */
export const leaseSeconds = z.number().min(1).max(86_400);
/** Which process holds a lease. */
export const holderIdentity = z.strictObject({
  host: name(400),
  machine_id: text(200).optional(),
  boot_id: text(200).optional(),
  pid_namespace: text(200).optional(),
  pid: z.int().min(0).optional(),
  process_started_at: text(100).optional(),
  user: text(200).optional(),
});
/** `POST /builds/{id}/lease`. */
export const acquireLeaseBody = z.strictObject({
  holder: name(400).describe('Who, in words: the CI job, else user@host'),
  identity: holderIdentity.optional().describe('Which process'),
  ttl_seconds: leaseSeconds.optional().describe('Life without renewal (default 60)'),
  holder_gone: z
    .int()
    .min(1)
    .optional()
    .describe('Fencing token of a lease whose process the caller has seen to be gone, on the same machine'),
  event_id: eventId,
});
/** `PUT /builds/{id}/lease`. */
export const renewLeaseBody = z.strictObject({ token: z.int().min(1) });
/** `DELETE /builds/{id}/lease`. */
export const releaseLeaseQuery = z.strictObject({
  token: z
    .string()
    .regex(/^\d{1,15}$/, 'must be the fencing token')
    .transform(Number)
    .pipe(z.int().min(1)),
});

/** What should happen after a failure, as it is answered. */
export const retryDecisionAnswer = z
  .object({
    retry: z.boolean(),
    strategy: z.string(),
    attempt: z.int(),
    max_attempts: z.int(),
    delay_seconds: z.number(),
    retry_at: time.nullable(),
    category: z.enum(failureCategories),
    notify: z.boolean(),
    reason: z.string(),
  })
  .meta({ id: 'RetryDecision' });

/** The answer to a report. */
export const reportAnswer = attemptAnswer
  .extend({
    build_status: z.enum(buildStatuses),
    current_state: z.int(),
    last_successful_state: z.int(),
    failed_state: z.int().nullable(),
    retry_decision: retryDecisionAnswer.nullable(),
    artifact_id: z.string().nullable().describe('The artifact that was registered with the report'),
    warnings: z.array(z.string()),
  })
  .meta({ id: 'ReportAnswer' });

/** What became of each report of a batch. */
export const recordStatesAnswer = z
  .object({
    results: z.array(
      z.object({
        index: z.int().describe('Which report, counted from 0'),
        status: z.int().describe('The HTTP status that it would have had alone'),
        answer: reportAnswer.optional(),
        problem: problemAnswer.optional(),
      }),
    ),
    recorded: z.int(),
    refused: z.int(),
    not_tried: z.int().describe('Reports after the one at which it stopped'),
  })
  .meta({ id: 'BatchAnswer' });

/** Where a build is and how it came there. */
export const buildStateAnswer = z
  .object({
    build_id: z.string(),
    current_state: z.int(),
    status: z.enum(buildStatuses),
    last_transition: time,
    last_successful_state: z.int(),
    failed_state: z.int().nullable(),
    history: z.array(attemptAnswer),
  })
  .meta({ id: 'BuildState' });

/** A failed attempt as it is answered. */
export const failureAnswer = z
  .object({
    id: z.string(),
    build_id: z.string(),
    state: z.int(),
    failure_type: z.enum(failureCategories),
    error_message: z.string().nullable(),
    error_code: z.string().nullable(),
    error_details: z.unknown(),
    component: z.string().nullable(),
    retry_attempt: z.int(),
    resolved: z.boolean(),
    resolution_notes: z.string().nullable(),
    created_at: time,
    resolved_at: time.nullable(),
  })
  .meta({ id: 'Failure' });

/** `POST /builds/{id}/rejected-reports`. */
export const rejectReportBody = z.strictObject({
  event_id: eventId,
  report_event_id: uuid.describe('The `event_id` of the report that was refused'),
  state: state.nullable().optional().describe('The state that it was about, where it named one by its code'),
  status: text(40).nullable().optional().describe('What it said of the state'),
  code: name(100).describe('The code of the refusal, such as `illegal_transition`'),
  reason: text(8192).describe('Why it was refused'),
  reported_at: instant.nullable().optional().describe('When it was made'),
});

/** What a build knows of refused reports. */
export const rejectReportAnswer = z
  .object({
    build_id: z.string(),
    report_event_id: z.string(),
    rejected_reports: z
      .int()
      .min(1)
      .describe('Refused reports since somebody last retried the build or rolled it back'),
  })
  .meta({ id: 'RejectedReport' });
