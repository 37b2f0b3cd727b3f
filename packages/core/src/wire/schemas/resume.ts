import { z } from 'zod';
import { verificationStatuses } from '../../artifact/artifact.ts';
import { orchestrationStatuses, requestSources } from '../../resume/resume-request.ts';
import { patternCost } from '../../retry/pattern/linear-pattern.ts';
import { jsonObject } from '../json.ts';
import { instant, name, state, text, uuid } from '../text.ts';
import { artifactAnswer } from './artifacts.ts';
import { eventId, problemAnswer, time } from './common.ts';
import { resumableStateAnswer } from './projects.ts';
import { retryDecisionAnswer } from './reports.ts';

const verify = z
  .enum(['true', 'false', 'deep'])
  .optional()
  .describe(
    '`true` looks whether every artifact is there with its size, for a minute at most; `deep` re-hashes, for ten. What is found missing or corrupt is recorded for callers who may write',
  );

/** `GET /builds/{id}/resume-context`. */
export const resumeContextQuery = z.strictObject({ verify });

/** `POST /builds/{id}/resume`. */
export const requestResumeBody = z.strictObject({
  resume_from_state: state.optional(),
  resume_to_state: state.nullable().optional(),
  resume_reason: text(8192).optional(),
  requested_by: name(200).optional(),
  request_source: z.enum(requestSources).optional(),
  verify,
  orchestration_config: jsonObject().optional().describe('platform, pipeline, job, trigger_webhook'),
  metadata: jsonObject().optional(),
  event_id: eventId,
});
/** What a pattern over failures may cost: it is looked for in the messages of a thousand builds. */
const mostPatternCost = 250;
const failurePattern = text(500)
  .min(1)
  .superRefine((pattern, context) => {
    const cost = patternCost(pattern);
    if (typeof cost === 'string') context.addIssue({ code: 'custom', message: cost });
    else if (cost > mostPatternCost) context.addIssue({ code: 'custom', message: 'is too large' });
  });

/** `POST /builds/bulk-resume`. */
export const bulkResumeBody = z.strictObject({
  project_id: name().optional().describe('Id or name of the project'),
  failed_since: instant.optional().describe('Only builds that failed at this time or later'),
  matching: failurePattern
    .optional()
    .describe('A text or pattern in the message, code or component of the failure, ignoring case'),
  reason: text(8192).optional(),
  requested_by: name(200).optional(),
  request_source: z.enum(requestSources).optional(),
  dry_run: z.boolean().optional().describe('Whether nothing is requested, only told'),
  limit: z.int().min(1).max(1000).optional().describe('Failed builds to look at (default and most: 1,000)'),
  cursor: text(2048).optional().describe('Where to go on: `next_cursor` of the answer before'),
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

const findings = {
  missing: z
    .array(z.object({ kind: z.enum(['artifact', 'variable']), name: z.string(), reason: z.string() }))
    .describe('What is needed and not to be had'),
  reasons: z.array(z.string()).describe('Why the build goes on where it does, or why it cannot'),
  rerun_states: z
    .array(z.object({ state: z.int(), name: z.string(), reason: z.string() }))
    .describe('The state that runs next and the completed ones that run again, each with the reason'),
};

/** The answer to a wish that a build goes on. */
export const requestedResumeAnswer = resumeRequestAnswer
  .extend({
    missing: findings.missing.optional(),
    reasons: findings.reasons.optional(),
    rerun_states: findings.rerun_states.optional(),
  })
  .meta({ id: 'RequestedResume' });

/** What became of each failed build that was meant. */
export const bulkResumeAnswer = z
  .object({
    dry_run: z.boolean(),
    examined: z.int().describe('Failed builds that were looked at'),
    results: z.array(
      z.object({
        build_id: z.string(),
        build_number: z.string(),
        project: z.string(),
        failed_state: z.int().nullable(),
        failed_at: time.nullable(),
        error_message: z.string().nullable(),
        error_code: z.string().nullable(),
        component: z.string().nullable(),
        outcome: z.enum(['requested', 'would_be_requested', 'already_requested', 'refused']),
        resume_from_state: z.int().nullable(),
        request_id: z.string().nullable(),
        problem: problemAnswer.nullable().describe('Why it was refused'),
      }),
    ),
    next_cursor: z.string().nullable().describe('Where to go on, when there are more failed builds'),
  })
  .meta({ id: 'BulkResumeAnswer' });

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
    resumable: z.boolean(),
    ...findings,
    proof: z
      .array(
        z.object({
          artifact_id: z.string(),
          artifact_name: z.string(),
          state_code: z.int(),
          status: z
            .enum(verificationStatuses)
            .describe(
              '`stored`: there with its size; `verified`: re-hashed; `unverified`: it could not be looked at',
            ),
          problem: z.string().optional().describe('What is wrong, or why it could not be looked at'),
        }),
      )
      .describe('What `verify` has seen of every artifact that it looked at, by state; else empty'),
  })
  .meta({ id: 'ResumeContext' });
