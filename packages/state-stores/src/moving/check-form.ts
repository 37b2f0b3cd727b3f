import { referenceKinds } from '@buildstate/core/light';
import type { ColumnKind, RecordTable } from '../sql/record-table.ts';
import { actors } from '../sql/rows/actors-rows.ts';
import { artifacts } from '../sql/rows/artifacts-rows.ts';
import { attempts } from '../sql/rows/attempts-rows.ts';
import { builds } from '../sql/rows/builds-rows.ts';
import { events } from '../sql/rows/events-rows.ts';
import { jobs } from '../sql/rows/jobs-rows.ts';
import { leases } from '../sql/rows/leases-rows.ts';
import {
  failurePatterns,
  projects,
  resumableStates,
  retryPolicies,
  stateCodes,
} from '../sql/rows/projects-rows.ts';
import { references } from '../sql/rows/references-rows.ts';
import { reports } from '../sql/rows/reports-rows.ts';
import { resumeRequests } from '../sql/rows/resume-requests-rows.ts';
import { stateRecords } from '../sql/rows/state-records-rows.ts';
import { tokens } from '../sql/rows/tokens-rows.ts';
import { variables } from '../sql/rows/variables-rows.ts';
import { nullable } from './nullable.ts';

/** What is wrong with a value, and where: `attempts.3.state must be a whole number`. */
export type FormProblem = string | undefined;

type Check = (value: unknown, path: string) => FormProblem;
type Shape = Readonly<Record<string, Check>>;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const kinds: Readonly<Record<ColumnKind, readonly [is: (value: unknown) => boolean, words: string]>> = {
  text: [(value) => typeof value === 'string' && !value.includes('\0'), 'a text'],
  time: [(value) => typeof value === 'string' && isTime(value), 'a time such as 2026-01-31T12:00:00.000Z'],
  integer: [Number.isSafeInteger, 'a whole number'],
  real: [(value) => typeof value === 'number', 'a number'],
  flag: [(value) => typeof value === 'boolean', 'true or false'],
  json: [(value) => value !== undefined && value !== null, 'JSON'],
  structure: [(value) => isObject(value) || Array.isArray(value), 'an object or a list'],
};

function isTime(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text) && !Number.isNaN(Date.parse(text));
}

function cell(kind: ColumnKind, mayBeNull: boolean): Check {
  const [is, words] = kinds[kind];
  return (value, path) => {
    if (value === undefined) return `${path} is missing`;
    if (value === null ? mayBeNull : is(value)) return undefined;
    return `${path} must be ${words}${mayBeNull ? ' or null' : ''}`;
  };
}

const shape =
  (fields: Shape): Check =>
  (value, path) => {
    if (!isObject(value)) return `${path || 'the line'} must be an object`;
    const at = (name: string) => (path === '' ? name : `${path}.${name}`);
    const unknown = Object.keys(value).find((name) => !Object.hasOwn(fields, name));
    if (unknown !== undefined) return `${at(unknown)} is not known`;
    for (const [name, check] of Object.entries(fields)) {
      const problem = check(value[name], at(name));
      if (problem !== undefined) return problem;
    }
    return undefined;
  };

const list =
  (check: Check): Check =>
  (value, path) => {
    if (!Array.isArray(value)) return `${path} must be a list`;
    for (const [index, item] of value.entries()) {
      const problem = check(item, `${path}.${index}`);
      if (problem !== undefined) return problem;
    }
    return undefined;
  };

const orNull =
  (check: Check): Check =>
  (value, path) =>
    value === null ? undefined : check(value, path);

/** Of a field that is left out where there is nothing to say. */
const orNone =
  (check: Check): Check =>
  (value, path) =>
    value === undefined ? undefined : check(value, path);

/** The fields of a table's records, without those that follow from where a record stands. */
function fields<R>(table: RecordTable<R>, implied: readonly string[] = []): Shape {
  const free = nullable[table.name] ?? [];
  const shown = table.columns.filter(({ name }) => !implied.includes(name));
  return Object.fromEntries(shown.map(({ name, kind }) => [name, cell(kind, free.includes(name))]));
}

const whole = cell('integer', false);
const text = cell('text', false);

const byState: Check = (value, path) => {
  if (!isObject(value)) return `${path} must be an object`;
  return list(shape(fields(stateRecords, ['build_id'])))(Object.values(value), path);
};

const head = shape({
  build: shape(fields(builds)),
  states: byState,
  open_attempt: orNull(shape(fields(attempts))),
  last_ended_at: cell('time', true),
  counts: shape({
    attempts: whole,
    artifacts: whole,
    sensitive_variables: whole,
    rejected_reports: orNone(whole),
  }),
  resume_target: orNull(
    shape({
      state: whole,
      request_id: text,
      skip_failed: cell('flag', false),
      started: cell('flag', false),
    }),
  ),
  lease: orNull(shape(fields(leases, ['build_id']))),
  chain: shape({ seq: whole, hash: text }),
});

const project = shape({
  ...fields(projects),
  state_codes: list(shape(fields(stateCodes, ['project_id']))),
  retry_policies: list(shape(fields(retryPolicies, ['project_id']))),
  resumable_states: list(shape(fields(resumableStates))),
  failure_patterns: list(shape(fields(failurePatterns, ['project_id']))),
});

const build = shape({
  head,
  attempts: list(shape(fields(attempts))),
  artifacts: list(shape(fields(artifacts))),
  variables: list(shape(fields(variables))),
  variable_history: list(shape(fields(variables))),
  resume_requests: list(shape(fields(resumeRequests))),
  jobs: list(shape(fields(jobs))),
  events: list(shape(fields(events))),
  reports: list(shape(fields(reports, ['build_id']))),
});

const kind: Check = (value, path) =>
  referenceKinds.some((known) => known === value)
    ? undefined
    : `${path} must be one of ${referenceKinds.join(', ')}`;

const types: Readonly<Record<string, Check>> = {
  project: shape({ type: text, project }),
  reference: shape({ type: text, kind, reference: shape(fields(references.platforms)) }),
  token: shape({ type: text, token: shape(fields(tokens)) }),
  actor: shape({ type: text, actor: shape(fields(actors)) }),
  build: shape({ type: text, build }),
};

/**
 * The first thing that is wrong with the form of a record as JSON: fields that are missing, unknown, or of another
 * type. The tables of the SQL store say what the fields are, so that there is one list of them.
 */
export function formProblem(value: unknown): FormProblem {
  if (!isObject(value)) return 'the line must be an object';
  const { type } = value;
  const check = typeof type === 'string' && Object.hasOwn(types, type) ? types[type] : undefined;
  if (check === undefined) return `type must be one of ${Object.keys(types).join(', ')}`;
  return check(value, '');
}
