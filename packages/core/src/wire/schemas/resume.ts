import { z } from 'zod';
import { orchestrationStatuses, requestSources } from '../../resume/resume-request.ts';
import { jsonObject } from '../json.ts';
import { name, state, text, uuid } from '../text.ts';
import { artifactAnswer } from './artifacts.ts';
import { eventId, time } from './common.ts';
import { resumableStateAnswer } from './projects.ts';
import { retryDecisionAnswer } from './reports.ts';

/** `GET /builds/{id}/resume-context`. */
export const resumeContextQuery = z.strictObject({
  verify: z
    .enum(['true', 'false', 'deep'])
    .optional()
    .describe('`true` looks whether every artifact is there with its size, `deep` re-hashes'),
});

/** `POST /builds/{id}/resume`. */
export const requestResumeBody = z.strictObject({
  resume_from_state: state.optional(),
  resume_to_state: state.nullable().optional(),
  resume_reason: text(8192).optional(),
  requested_by: name(200).optional(),
  request_source: z.enum(requestSources).optional(),
  orchestration_config: jsonObject().optional().describe('platform, pipeline, job, trigger_webhook'),
  metadata: jsonObject().optional(),
  event_id: eventId,
});
/** A resume request in a path. */
export const resumeRequestParams = z.strictObject({ request_id: uuid });
/** `PATCH /resume-requests/{id}`. */
export const updateResumeRequestBody = z.strictObject({
  orchestration_status: z.enum(orchestrationStatuses).optional(),
  orchestration_job_id: text(400).nullable().optional(),
  orchestration_job_url: text(2048).nullable().optional(),
  error_message: text(8192).nullable().optional(),
  metadata: jsonObject().optional(),
});

/** A resume request as it is answered. */
export const resumeRequestAnswer = z
  .object({
    id: z.string(),
    build_id: z.string(),
    resume_from_state: z.int(),
    resume_to_state: z.int().nullable(),
    resume_reason: z.string().nullable(),
    requested_by: z.string().nullable(),
    request_source: z.enum(requestSources),
    orchestration_job_id: z.string().nullable(),
    orchestration_job_url: z.string().nullable(),
    orchestration_status: z.enum(orchestrationStatuses),
    triggered_at: time.nullable(),
    completed_at: time.nullable(),
    error_message: z.string().nullable(),
    metadata: z.record(z.string(), z.unknown()),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'ResumeRequest' });

/** All that is needed to go on. */
export const resumeContextAnswer = z
  .object({
    build_id: z.string(),
    current_state: z.int(),
    last_successful_state: z.int(),
    failed_state: z.int().nullable(),
    resume_from_state: z.int(),
    artifacts: z.array(artifactAnswer),
    variables: z.record(z.string(), z.string()),
    masked_variables: z.array(z.string()),
    resumable_state_config: resumableStateAnswer.nullable(),
    retry_decision: retryDecisionAnswer.nullable(),
    missing: z.array(
      z.object({ kind: z.enum(['artifact', 'variable']), name: z.string(), reason: z.string() }),
    ),
    resumable: z.boolean(),
    reasons: z.array(z.string()),
    rerun_states: z.array(z.object({ state: z.int(), name: z.string(), reason: z.string() })),
  })
  .meta({ id: 'ResumeContext' });
