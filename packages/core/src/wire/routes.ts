import { figureRoutes } from './figure-routes.ts';
import { referenceRoutes } from './reference-routes.ts';
import type { Route } from './route.ts';

export { referenceKinds } from '../project/reference.ts';
export { referenceOperations } from './reference-routes.ts';
export { pathsOf, type Route } from './route.ts';

type Options = Partial<
  Pick<Route, 'status' | 'repeatable' | 'aliases' | 'verbatim' | 'scope' | 'large' | 'stream' | 'waits'>
>;

function read(path: Route['path'], tag: string, summary: string, options: Options = {}): Route {
  return { method: 'GET', path, scope: 'read', status: 200, tag, summary, repeatable: true, ...options };
}

function write(
  method: Route['method'],
  path: Route['path'],
  tag: string,
  summary: string,
  options: Options = {},
): Route {
  const status = method === 'DELETE' ? 204 : 200;
  const repeatable = method === 'PUT' || method === 'DELETE';
  return { method, path, scope: 'write', status, tag, summary, repeatable, ...options };
}

const created = { status: 201 } as const;
const admin = { scope: 'admin' } as const;
const stream = { stream: true } as const;
/** Carries an `event_id` or an `id` that the client made, so that a repetition is known as one. */
const once = { repeatable: true } as const;

/** Every operation of the tracker, by its name. Server, client and documentation are made from this table. */
export const routes = {
  createProject: write('POST', '/projects', 'Projects', 'Create a project', { ...created, ...once }),
  listProjects: read('/projects', 'Projects', 'List projects'),
  getProject: read('/projects/{project_id}', 'Projects', 'Get a project by id or name'),
  updateProject: write('PUT', '/projects/{project_id}', 'Projects', 'Change a project'),
  deleteProject: write('DELETE', '/projects/{project_id}', 'Projects', 'Deactivate a project', admin),

  ...referenceRoutes,

  listStateCodes: read('/projects/{project_id}/state-codes', 'State codes', "List a project's catalogue"),
  getStateCode: read('/projects/{project_id}/state-codes/{state_code}', 'State codes', 'Get a state code'),
  createStateCode: write(
    'POST',
    '/projects/{project_id}/state-codes',
    'State codes',
    'Add a state code',
    created,
  ),
  putStateCode: write(
    'PUT',
    '/projects/{project_id}/state-codes/{state_code}',
    'State codes',
    'Add or change a state code',
  ),
  deprecateStateCode: write(
    'DELETE',
    '/projects/{project_id}/state-codes/{state_code}',
    'State codes',
    'Deprecate a state code',
  ),

  listRetryPolicies: read(
    '/projects/{project_id}/retry-policies',
    'Retry policies',
    'List retry policies by state',
  ),
  getRetryPolicy: read(
    '/projects/{project_id}/retry-policies/{state_code}',
    'Retry policies',
    'Get the policy that holds for a state, or with `default` for those without one',
  ),
  putRetryPolicy: write(
    'PUT',
    '/projects/{project_id}/retry-policies/{state_code}',
    'Retry policies',
    "Set a state's policy, or the project's with `default`",
  ),

  getRetention: read(
    '/projects/{project_id}/retention',
    'Projects',
    "Get how long histories of a project's builds are kept",
  ),
  putRetention: write(
    'PUT',
    '/projects/{project_id}/retention',
    'Projects',
    "Set how long histories of a project's builds are kept",
    admin,
  ),
  deleteRetention: write(
    'DELETE',
    '/projects/{project_id}/retention',
    'Projects',
    'Keep histories as long as the store does',
    admin,
  ),

  listResumableStates: read(
    '/projects/{project_id}/resumable-states',
    'Resume',
    'List which states can be resumed, and how',
  ),
  getResumableState: read(
    '/projects/{project_id}/resumable-states/{state_code}',
    'Resume',
    'Get how a state is resumed',
  ),
  createResumableState: write(
    'POST',
    '/projects/{project_id}/resumable-states',
    'Resume',
    'Configure how a state is resumed',
    created,
  ),
  putResumableState: write(
    'PUT',
    '/projects/{project_id}/resumable-states/{state_code}',
    'Resume',
    'Add or change how a state is resumed',
  ),
  deleteResumableState: write(
    'DELETE',
    '/projects/{project_id}/resumable-states/{state_code}',
    'Resume',
    'Remove the configuration of a state',
  ),

  createBuild: write('POST', '/builds', 'Builds', 'Register a build', { ...created, ...once }),
  listBuilds: read('/builds', 'Builds', 'List builds, newest first'),
  getBuild: read('/builds/{build_id}', 'Builds', 'Get a build'),
  updateBuild: write('PATCH', '/builds/{build_id}', 'Builds', 'Change description or metadata', once),
  deleteBuild: write('DELETE', '/builds/{build_id}', 'Builds', 'Delete a build (softly)', admin),

  forkBuild: write('POST', '/builds/{build_id}/branches', 'Branches', 'Fork a branch off a build', {
    ...created,
    ...once,
  }),
  letBranchGo: write(
    'DELETE',
    '/builds/{build_id}/branches/{branch_key}',
    'Branches',
    'Let a build go on without one of its branches',
  ),
  getTree: read('/builds/{build_id}/tree', 'Branches', 'The whole tree of branches that a build is in'),

  recordState: write('POST', '/builds/{build_id}/state', 'States', 'Record a transition', {
    ...created,
    ...once,
    aliases: ['/builds/{build_id}/states'],
  }),
  recordStates: write(
    'POST',
    '/builds/{build_id}/states/batch',
    'States',
    'Record many transitions, in order',
    { ...once, large: true },
  ),
  rejectReport: write(
    'POST',
    '/builds/{build_id}/rejected-reports',
    'States',
    'Record that a report which came late was refused',
    { ...created, ...once },
  ),
  getBuildState: read('/builds/{build_id}/state', 'States', 'Where a build is and how it came there'),
  listAttempts: read('/builds/{build_id}/states', 'States', 'List all attempts, oldest first'),
  recordFailure: write('POST', '/builds/{build_id}/failure', 'States', 'Record that a state failed', {
    ...created,
    ...once,
  }),
  listFailures: read('/builds/{build_id}/failures', 'States', 'List failed attempts'),
  retryBuild: write(
    'POST',
    '/builds/{build_id}/retry',
    'States',
    'Clear a failure by hand, so that its state may start again',
    once,
  ),
  rollbackBuild: write(
    'POST',
    '/builds/{build_id}/rollback',
    'States',
    'Go back to an earlier completed state',
    once,
  ),
  cancelBuild: write('POST', '/builds/{build_id}/cancel', 'States', 'Give a build up', once),
  listEvents: read(
    '/builds/{build_id}/events',
    'Events',
    'The history of a build, oldest first, or live',
    stream,
  ),
  verifyEvents: read(
    '/builds/{build_id}/events/verify',
    'Events',
    'Whether the history of a build is as it was recorded',
  ),
  listAllEvents: read('/events', 'Events', 'The events of all builds, newest first, or live', stream),

  acquireLease: write('POST', '/builds/{build_id}/lease', 'Leases', 'Acquire the right to advance a build', {
    ...created,
    ...once,
  }),
  renewLease: write('PUT', '/builds/{build_id}/lease', 'Leases', 'Renew a lease (heartbeat)'),
  releaseLease: write('DELETE', '/builds/{build_id}/lease', 'Leases', 'Give a lease up'),
  claimBuild: write('POST', '/builds/claim', 'Leases', 'Claim the next build to work on', { waits: true }),

  registerArtifact: write('POST', '/builds/{build_id}/artifacts', 'Artifacts', 'Register an artifact', {
    ...created,
    ...once,
  }),
  listArtifacts: read('/builds/{build_id}/artifacts', 'Artifacts', 'List artifacts by state'),
  getArtifact: read('/builds/{build_id}/artifacts/{artifact_id}', 'Artifacts', 'Get an artifact'),
  updateArtifact: write(
    'PATCH',
    '/builds/{build_id}/artifacts/{artifact_id}',
    'Artifacts',
    'Change an artifact record',
    once,
  ),
  deleteArtifact: write(
    'DELETE',
    '/builds/{build_id}/artifacts/{artifact_id}',
    'Artifacts',
    'Delete an artifact record (softly)',
    admin,
  ),
  verifyArtifact: write(
    'POST',
    '/builds/{build_id}/artifacts/{artifact_id}/verify',
    'Artifacts',
    'Look whether the bytes are there and right',
    once,
  ),

  promoteArtifact: write(
    'POST',
    '/builds/{build_id}/artifacts/{artifact_id}/promote',
    'Artifacts',
    'Make an artifact a deliverable and its build releasable',
    once,
  ),
  pinArtifact: write(
    'POST',
    '/builds/{build_id}/artifacts/{artifact_id}/pin',
    'Artifacts',
    'Protect an artifact from deletion and clean-up',
    once,
  ),
  unpinArtifact: write(
    'DELETE',
    '/builds/{build_id}/artifacts/{artifact_id}/pin',
    'Artifacts',
    'Protect an artifact no longer',
  ),
  getLineage: read(
    '/builds/{build_id}/artifacts/{artifact_id}/lineage',
    'Artifacts',
    'What an artifact was made from, and what was made from it, over all builds',
  ),
  searchArtifacts: read('/artifacts', 'Artifacts', 'Search the artifacts of all builds, newest first'),

  ...figureRoutes,

  setVariable: write('POST', '/builds/{build_id}/variables', 'Variables', 'Set a variable', {
    ...created,
    ...once,
  }),
  listVariables: read(
    '/builds/{build_id}/variables',
    'Variables',
    'List variables; sensitive values are left out',
  ),
  getVariableDict: read(
    '/builds/{build_id}/variables/dict',
    'Variables',
    'All variables that are not sensitive, as one object',
    { verbatim: true },
  ),
  getVariable: read(
    '/builds/{build_id}/variables/{variable_key}',
    'Variables',
    'Get a variable; a sensitive value needs the write scope',
  ),
  updateVariable: write(
    'PATCH',
    '/builds/{build_id}/variables/{variable_key}',
    'Variables',
    'Change a variable',
    once,
  ),
  deleteVariable: write(
    'DELETE',
    '/builds/{build_id}/variables/{variable_key}',
    'Variables',
    'Delete a variable',
  ),

  getResumeContext: read(
    '/builds/{build_id}/resume-context',
    'Resume',
    'All that is needed to go on: state, artifacts, variables',
  ),
  requestResume: write('POST', '/builds/{build_id}/resume', 'Resume', 'Ask that a build goes on', {
    ...created,
    ...once,
  }),
  bulkResume: write('POST', '/builds/bulk-resume', 'Resume', 'Ask that many failed builds go on', once),
  listResumeRequests: read(
    '/builds/{build_id}/resume-requests',
    'Resume',
    'List resume requests, newest first',
  ),
  getResumeRequest: read('/resume-requests/{request_id}', 'Resume', 'Get a resume request'),
  updateResumeRequest: write(
    'PATCH',
    '/resume-requests/{request_id}',
    'Resume',
    'Report how far a resume request has come',
    once,
  ),

  linkJob: write('POST', '/builds/{build_id}/jobs', 'Jobs', 'Link a CI job', { ...created, ...once }),
  listJobs: read('/builds/{build_id}/jobs', 'Jobs', 'List linked CI jobs'),
  updateJob: write('PATCH', '/builds/{build_id}/jobs/{job_id}', 'Jobs', 'Change a linked CI job', once),

  getCaller: read('/users/me', 'Keys', 'Who the key belongs to and what it may do'),
  createToken: write('POST', '/users/{user_id}/tokens', 'Keys', 'Make an API key; it is shown once', created),
  listTokens: read('/users/{user_id}/tokens', 'Keys', 'List API keys', admin),
  revokeToken: write('DELETE', '/users/{user_id}/tokens/{token_id}', 'Keys', 'Revoke an API key', admin),
  eraseUser: write('POST', '/users/{user_id}/erase', 'Keys', 'Forget a person', { ...admin, ...once }),
} as const satisfies Record<string, Route>;

/** The name of an operation. */
export type OperationName = keyof typeof routes;
