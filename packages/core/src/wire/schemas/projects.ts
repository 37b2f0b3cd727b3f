import { z } from 'zod';
import { resumeStrategies } from '../../resume/resumable-state.ts';
import { mostRetentionDays } from '../../retention/policy.ts';
import { failureCategories } from '../../retry/category.ts';
import { patternCost } from '../../retry/pattern/linear-pattern.ts';
import { notifyMoments, presets } from '../../retry/policy.ts';
import { jsonObject } from '../json.ts';
import { name, state, stateParameter, text, uuid } from '../text.ts';
import { flag, page, time } from './common.ts';

const projectName = name(100).regex(
  /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
  'must begin with a letter or digit and have letters, digits, dots, hyphens and underscores only',
);

const editable = {
  description: text(8192).nullable().optional(),
  parent_project_id: uuid.nullable().optional(),
  artifact_base: text(1024)
    .regex(/^([a-z][a-z0-9+.-]*:|\/)/i, 'must be a URI such as s3://bucket/prefix, or an absolute path')
    .nullable()
    .optional()
    .describe('URI under which workers store artifacts'),
  settings: jsonObject().optional(),
};

/** `POST /projects`. */
export const createProjectBody = z.strictObject({ id: uuid.optional(), name: projectName, ...editable });
/** What all patterns of a project may cost together: what a hostile message makes of them stays below a second. */
const mostCost = 6_000;

const failurePatterns = z
  .array(z.strictObject({ pattern: text(500).min(1), category: z.enum(failureCategories) }))
  .max(200)
  .superRefine((rows, context) => {
    const costs = rows.map(({ pattern }) => patternCost(pattern));
    costs.forEach((cost, index) => {
      if (typeof cost === 'string') {
        context.addIssue({ code: 'custom', message: cost, path: [index, 'pattern'] });
      }
    });
    const total = costs.reduce<number>((sum, cost) => sum + (typeof cost === 'number' ? cost : 0), 0);
    if (total > mostCost) {
      context.addIssue({ code: 'custom', message: 'are too many and too large; name fewer or shorter ones' });
    }
  });

/** `PUT /projects/{id}`. What is left out stays as it is. */
export const updateProjectBody = z.strictObject({
  name: projectName.optional().describe('Cannot be changed; accepted when it is the present one'),
  ...editable,
  failure_patterns: failurePatterns
    .optional()
    .describe('Classification of failures, looked at before the built-in table'),
});
/** `GET /projects`. */
export const listProjectsQuery = z.strictObject({ ...page, include_deactivated: flag.optional() });

/** A state in a path. */
export const projectStateParams = z.strictObject({ project_id: name(), state_code: stateParameter });

const stateCodeFields = {
  name: name(100).regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case words joined by hyphens'),
  aliases: z.array(name(100)).max(20).optional(),
  display_name: name(200).optional(),
  description: text(8192).nullable().optional(),
  prerequisites: z.array(state).max(100).optional().describe('Codes that must be completed or skipped first'),
  expected_duration_seconds: z.number().min(0).max(31_536_000).nullable().optional(),
  is_initial: z.boolean().optional(),
  is_final: z.boolean().optional(),
  is_error: z.boolean().optional(),
};
/** `POST /projects/{id}/state-codes`. */
export const createStateCodeBody = z.strictObject({ state_code: state, ...stateCodeFields });
/** `PUT /projects/{id}/state-codes/{state_code}`. */
export const putStateCodeBody = z.strictObject({
  ...stateCodeFields,
  state_code: state.optional(),
  name: stateCodeFields.name.optional(),
});

const days = z.int().min(0).max(mostRetentionDays);

/** `PUT /projects/{id}/retention`. */
export const retentionBody = z.strictObject({
  full_history_days: days.optional().describe('Days after its end for which all of a build is there'),
  snapshot_days: days.optional().describe('Days after that for which there are weekly snapshots of it'),
});
/** How long histories are kept, as it is answered. */
export const retentionAnswer = z
  .object({
    full_history_days: z.int(),
    snapshot_days: z.int(),
    inherited: z
      .boolean()
      .describe('Whether the project says nothing of its own, and what the store keeps holds'),
  })
  .meta({ id: 'Retention' });

/** A retry policy, or the name of a preset. */
export const retryPolicyBody = z.strictObject({
  preset: z
    .enum(Object.keys(presets) as (keyof typeof presets)[])
    .optional()
    .describe('What the other fields start from'),
  max_attempts: z.int().min(1).max(100).optional(),
  initial_delay_seconds: z.number().min(0).max(604_800).optional(),
  max_delay_seconds: z.number().min(0).max(604_800).optional(),
  multiplier: z.number().min(1).max(100).optional(),
  jitter: z.enum(['none', 'full']).optional(),
  retry_on: z.array(z.enum(failureCategories)).max(3).optional(),
  notify_on: z.enum(notifyMoments).optional(),
});
/** The state of a policy in a path, or `default`. */
export const retryPolicyParams = z.strictObject({
  project_id: name(),
  state_code: z.union([z.literal('default'), stateParameter]),
});

const resumableFields = {
  is_resumable: z.boolean().optional(),
  resume_strategy: z.enum(resumeStrategies).optional(),
  required_artifacts: z.array(name(255)).max(100).optional().describe('Names or types of artifacts'),
  required_variables: z.array(name(255)).max(100).optional(),
  resume_command: text(8192).nullable().optional(),
  resume_timeout_seconds: z.int().min(1).max(604_800).optional(),
  description: text(8192).nullable().optional(),
  notes: text(8192).nullable().optional(),
};
/** `POST /projects/{id}/resumable-states`. */
export const createResumableStateBody = z.strictObject({ state_code: state, ...resumableFields });
/** `PUT /projects/{id}/resumable-states/{state_code}`. */
export const putResumableStateBody = z.strictObject({ state_code: state.optional(), ...resumableFields });

/** A state code as it is answered. */
export const stateCodeAnswer = z
  .object({
    id: z.string(),
    state_code: z.int(),
    name: z.string(),
    aliases: z.array(z.string()),
    display_name: z.string(),
    description: z.string().nullable(),
    prerequisites: z.array(z.int()),
    expected_duration_seconds: z.number().nullable(),
    is_initial: z.boolean(),
    is_final: z.boolean(),
    is_error: z.boolean(),
    deprecated_at: time.nullable(),
    created_at: time,
  })
  .meta({ id: 'StateCode' });

/** A retry policy as it is answered. */
export const retryPolicyAnswer = z
  .object({
    state_code: z.int().nullable(),
    policy: z.object({
      strategy: z.string(),
      max_attempts: z.int(),
      initial_delay_seconds: z.number(),
      max_delay_seconds: z.number(),
      multiplier: z.number(),
      jitter: z.enum(['none', 'full']),
      retry_on: z.array(z.enum(failureCategories)),
      notify_on: z.enum(notifyMoments),
    }),
  })
  .meta({ id: 'RetryPolicy' });

/** A resumable state as it is answered. */
export const resumableStateAnswer = z
  .object({
    id: z.string(),
    project_id: z.string(),
    state_code: z.int(),
    is_resumable: z.boolean(),
    resume_strategy: z.enum(resumeStrategies),
    required_artifacts: z.array(z.string()),
    required_variables: z.array(z.string()),
    resume_command: z.string().nullable(),
    resume_timeout_seconds: z.int(),
    description: z.string().nullable(),
    notes: z.string().nullable(),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'ResumableState' });

/** A project as it is answered. */
export const projectAnswer = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string().nullable(),
    parent_project_id: z.string().nullable(),
    artifact_base: z.string().nullable(),
    settings: z.record(z.string(), z.unknown()),
    failure_patterns: z.array(z.object({ pattern: z.string(), category: z.enum(failureCategories) })),
    created_at: time,
    updated_at: time,
    deactivated_at: time.nullable(),
  })
  .meta({ id: 'Project' });
