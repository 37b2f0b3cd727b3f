import { z } from 'zod';
import { instant, name, state, text, uuid } from '../text.ts';
import { buildReference, time } from './common.ts';

const changing = {
  job_url: text(2048).nullable().optional(),
  status: name(100).optional(),
  started_at: instant.nullable().optional(),
  completed_at: instant.nullable().optional(),
};

/** The fields of a new job. */
export const jobFields = {
  id: uuid.optional(),
  platform: name(100).describe('github-actions, gitlab, jenkins, concourse, …'),
  pipeline_name: text(400).nullable().optional(),
  job_name: text(400).nullable().optional(),
  job_id: text(400).nullable().optional().describe("The CI system's own id"),
  build_number: text(200).nullable().optional(),
  triggered_by: text(400).nullable().optional(),
  trigger_source: text(100).nullable().optional(),
  is_resume_job: z.boolean().optional(),
  resumed_from_state: state.nullable().optional(),
  parent_job_id: uuid.nullable().optional(),
  ...changing,
};
/** `POST /builds/{id}/jobs`. */
export const linkJobBody = z.strictObject(jobFields);
/** `PATCH /builds/{id}/jobs/{job_id}`. */
export const updateJobBody = z.strictObject(changing);
/** A job in a path. */
export const jobParams = z.strictObject({ build_id: buildReference, job_id: uuid });

/** A job as it is answered. */
export const jobAnswer = z
  .object({
    id: z.string(),
    build_id: z.string(),
    platform: z.string(),
    pipeline_name: z.string().nullable(),
    job_name: z.string().nullable(),
    job_url: z.string().nullable(),
    job_id: z.string().nullable(),
    build_number: z.string().nullable(),
    triggered_by: z.string().nullable(),
    trigger_source: z.string().nullable(),
    status: z.string(),
    started_at: time.nullable(),
    completed_at: time.nullable(),
    is_resume_job: z.boolean(),
    resumed_from_state: z.int().nullable(),
    parent_job_id: z.string().nullable(),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'Job' });
