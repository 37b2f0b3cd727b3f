import { Fields, type RawRecord } from './fields.ts';
import type { LegacyBuild, LegacyEntry } from './legacy-build.ts';

/** A line of a history out of a row or an object. @throws ValidationError that names the record and the field */
export function entryOf(record: RawRecord, where: string, idColumns: readonly string[] = []): LegacyEntry {
  const fields = new Fields(record, where);
  for (const name of idColumns) fields.text(name);
  const state = fields.state('state', 'state_code', 'to_state', 'new_state', 'current_state');
  if (state === null) throw fields.problem('state', 'is missing');
  const type = fields.text('artifact_storage_type');
  const path = fields.text('artifact_storage_path');
  const size = fields.integer('artifact_size_bytes');
  const checksum = fields.text('artifact_checksum');
  const startTime = fields.time('start_time', 'started_at');
  const endTime = fields.time('end_time', 'completed_at', 'finished_at', 'ended_at');
  const at = fields.time('timestamp', 'created_at', 'recorded_at', 'updated_at', 'time');
  return {
    state,
    status: fields.text('status', 'state_status', 'result'),
    at: endTime ?? at ?? startTime,
    startTime,
    endTime,
    message: fields.text('message', 'notes', 'description'),
    errorMessage: fields.text('error_message', 'error'),
    reportedBy: fields.text('reported_by', 'updated_by', 'created_by'),
    artifact: path === null ? null : { type: type ?? 'unknown', path, size, checksum },
    rest: fields.rest(),
  };
}

/** A build out of a row or an object. @throws ValidationError that names the record and the field */
export function buildOf(record: RawRecord, where: string, history: readonly LegacyEntry[]): LegacyBuild {
  const fields = new Fields(record, where);
  return {
    where,
    id: fields.required('build_id', 'id'),
    buildNumber: fields.text('build_number', 'number'),
    project: fields.text('project', 'project_name'),
    platform: fields.text('platform', 'platform_name'),
    cloudProvider: fields.text('cloud_provider', 'provider'),
    imageType: fields.text('image_type', 'image_type_name'),
    description: fields.text('description'),
    createdBy: fields.text('created_by', 'user'),
    currentState: fields.state('current_state', 'state', 'state_code'),
    status: fields.text('status', 'build_status'),
    errorMessage: fields.text('error_message', 'error'),
    createdAt: fields.time('created_at', 'start_time', 'started_at'),
    updatedAt: fields.time('updated_at', 'last_update', 'last_updated', 'end_time', 'completed_at'),
    history,
    rest: fields.rest(),
  };
}
