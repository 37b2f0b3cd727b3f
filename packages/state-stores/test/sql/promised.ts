import { artifacts } from '../../src/sql/rows/artifacts-rows.ts';
import { attempts } from '../../src/sql/rows/attempts-rows.ts';
import { wholeBuilds } from '../../src/sql/rows/builds-rows.ts';
import { events } from '../../src/sql/rows/events-rows.ts';
import { jobs } from '../../src/sql/rows/jobs-rows.ts';
import { leases } from '../../src/sql/rows/leases-rows.ts';
import {
  failurePatterns,
  projects,
  resumableStates,
  retryPolicies,
  stateCodes,
} from '../../src/sql/rows/projects-rows.ts';
import { references } from '../../src/sql/rows/references-rows.ts';
import { reports } from '../../src/sql/rows/reports-rows.ts';
import { resumeRequests } from '../../src/sql/rows/resume-requests-rows.ts';
import { tokens } from '../../src/sql/rows/tokens-rows.ts';
import { variables } from '../../src/sql/rows/variables-rows.ts';

/** The columns that people rely on in their own SQL. */
export const promised: Readonly<Record<string, string>> = {
  projects:
    'id, name, description, parent_project_id, artifact_base, settings, created_at, updated_at, deactivated_at',
  platforms:
    'id, name, display_name, description, cloud_provider, region, created_at, updated_at, deactivated_at',
  os_versions:
    'id, name, display_name, version, os_family, major_version, minor_version, os_distribution_id, deactivated_at',
  image_types:
    'id, name, display_name, description, image_variant_id, created_at, updated_at, deactivated_at',
  cloud_providers: 'id, name, display_name, description, created_at, updated_at, deactivated_at',
  os_distributions: 'id, name, display_name, description, created_at, updated_at, deactivated_at',
  image_variants: 'id, name, display_name, description, created_at, updated_at, deactivated_at',
  state_codes:
    'id, project_id, state_code, name, aliases, display_name, description, prerequisites, ' +
    'expected_duration_seconds, is_initial, is_final, is_error, deprecated_at, created_at',
  retry_policies: 'project_id, state_code, policy',
  builds:
    'id, build_number, project_id, platform_id, os_version_id, image_type_id, cloud_provider, os_distribution_id, ' +
    'image_variant_id, description, current_state, last_successful_state, failed_state, status, version, ' +
    'next_retry_at, parent_build_id, branch_key, branched_from_state, resume_token, metadata, created_by, ' +
    'created_at, updated_at, start_time, end_time, duration_seconds',
  build_states:
    'id, build_id, event_id, state, attempt, status, message, start_time, start_inferred, end_time, ' +
    'duration_seconds, closed_by, error_message, error_code, error_category, component, error_details, ' +
    'retry_count, reported_by, job_id, artifact_storage_type, artifact_storage_path, artifact_size_bytes, ' +
    'artifact_checksum, artifact_metadata, metadata, created_at',
  build_failures:
    'id, build_id, state, failure_type, error_message, error_details, component, retry_attempt, resolved, ' +
    'resolution_notes, created_at, resolved_at',
  build_artifacts:
    'id, build_id, state_code, attempt, artifact_name, version, superseded_by, artifact_type, artifact_path, ' +
    'replicas, storage_backend, storage_region, storage_bucket, storage_key, size_bytes, checksum, ' +
    'checksum_algorithm, content_type, is_resumable, is_final, expires_at, metadata, signature, parents, ' +
    'pinned_at, verification_status, last_verified_at, created_at, updated_at, deleted_at',
  build_variables:
    'id, build_id, variable_key, variable_value, variable_type, set_at_state, is_sensitive, ' +
    'is_required_for_resume, created_at, updated_at',
  resumable_states:
    'project_id, state_code, is_resumable, resume_strategy, required_artifacts, required_variables, ' +
    'resume_command, resume_timeout_seconds, description, notes',
  resume_requests:
    'id, build_id, resume_from_state, resume_to_state, resume_reason, requested_by, request_source, ' +
    'orchestration_job_id, orchestration_job_url, orchestration_status, triggered_at, completed_at, ' +
    'error_message, metadata, created_at, updated_at',
  build_jobs:
    'id, build_id, platform, pipeline_name, job_name, job_url, job_id, build_number, triggered_by, ' +
    'trigger_source, status, started_at, completed_at, is_resume_job, resumed_from_state, parent_job_id',
  leases: 'build_id, holder, identity, token, ttl_seconds, acquired_at, renewals, expires_at, released_at',
  build_events: 'position, build_id, seq, type, actor_id, at, data, prev_hash, hash',
  users: 'id, name, created_at',
  api_tokens:
    'id, name, hash, scopes, project_id, created_by, created_at, expires_at, last_used_at, revoked_at',
  reports: 'build_id, event_id, answer',
  failure_patterns: 'project_id, pattern, category',
  build_variable_history: 'id, build_id, variable_key, variable_value, replaced_at',
};

/** The tables that records are kept in. */
export const mapped = [
  ...[projects, stateCodes, retryPolicies, resumableStates, failurePatterns, ...Object.values(references)],
  ...[wholeBuilds, leases, reports, events, attempts, artifacts, variables, resumeRequests, jobs, tokens],
];
