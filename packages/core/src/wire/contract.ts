import { z } from 'zod';
import type { Camelized } from './casing.ts';
import type { OperationName } from './routes.ts';
import * as access from './schemas/access.ts';
import * as artifacts from './schemas/artifacts.ts';
import * as builds from './schemas/builds.ts';
import * as claims from './schemas/claims.ts';
import { buildParams, noQuery, projectParams, shortPageQuery } from './schemas/common.ts';
import * as events from './schemas/events.ts';
import { figureSchemas } from './schemas/figures.ts';
import * as jobs from './schemas/jobs.ts';
import * as projects from './schemas/projects.ts';
import { referenceSchemas } from './schemas/references.ts';
import * as reports from './schemas/reports.ts';
import * as resume from './schemas/resume.ts';
import * as variables from './schemas/variables.ts';

/** The schemas of one operation, all in the names of the wire. */
export interface Schemas {
  /** What stands in the path. */
  readonly params: z.ZodType;
  /** What stands behind the question mark. */
  readonly query: z.ZodType;
  /** What is sent; `undefined` when nothing is. */
  readonly body: z.ZodType;
  /** What comes back. */
  readonly answer: z.ZodType;
}

const none = z.undefined();
const noParams = z.strictObject({});

/**
 * Every operation with its schemas: the one source for server, local door, client types and OpenAPI document.
 */
export const schemas = {
  createProject: {
    params: noParams,
    query: noQuery,
    body: projects.createProjectBody,
    answer: projects.projectAnswer,
  },
  listProjects: {
    params: noParams,
    query: projects.listProjectsQuery,
    body: none,
    answer: z.array(projects.projectAnswer),
  },
  getProject: { params: projectParams, query: noQuery, body: none, answer: projects.projectAnswer },
  updateProject: {
    params: projectParams,
    query: noQuery,
    body: projects.updateProjectBody,
    answer: projects.projectAnswer,
  },
  deleteProject: { params: projectParams, query: noQuery, body: none, answer: none },

  ...referenceSchemas,

  listStateCodes: {
    params: projectParams,
    query: shortPageQuery,
    body: none,
    answer: z.array(projects.stateCodeAnswer),
  },
  getStateCode: {
    params: projects.projectStateParams,
    query: noQuery,
    body: none,
    answer: projects.stateCodeAnswer,
  },
  createStateCode: {
    params: projectParams,
    query: noQuery,
    body: projects.createStateCodeBody,
    answer: projects.stateCodeAnswer,
  },
  putStateCode: {
    params: projects.projectStateParams,
    query: noQuery,
    body: projects.putStateCodeBody,
    answer: projects.stateCodeAnswer,
  },
  deprecateStateCode: { params: projects.projectStateParams, query: noQuery, body: none, answer: none },

  listRetryPolicies: {
    params: projectParams,
    query: shortPageQuery,
    body: none,
    answer: z.array(projects.retryPolicyAnswer),
  },
  getRetryPolicy: {
    params: projects.retryPolicyParams,
    query: noQuery,
    body: none,
    answer: projects.retryPolicyAnswer,
  },
  putRetryPolicy: {
    params: projects.retryPolicyParams,
    query: noQuery,
    body: projects.retryPolicyBody,
    answer: projects.retryPolicyAnswer,
  },

  getRetention: { params: projectParams, query: noQuery, body: none, answer: projects.retentionAnswer },
  putRetention: {
    params: projectParams,
    query: noQuery,
    body: projects.retentionBody,
    answer: projects.retentionAnswer,
  },
  deleteRetention: { params: projectParams, query: noQuery, body: none, answer: none },

  listResumableStates: {
    params: projectParams,
    query: shortPageQuery,
    body: none,
    answer: z.array(projects.resumableStateAnswer),
  },
  getResumableState: {
    params: projects.projectStateParams,
    query: noQuery,
    body: none,
    answer: projects.resumableStateAnswer,
  },
  createResumableState: {
    params: projectParams,
    query: noQuery,
    body: projects.createResumableStateBody,
    answer: projects.resumableStateAnswer,
  },
  putResumableState: {
    params: projects.projectStateParams,
    query: noQuery,
    body: projects.putResumableStateBody,
    answer: projects.resumableStateAnswer,
  },
  deleteResumableState: { params: projects.projectStateParams, query: noQuery, body: none, answer: none },

  createBuild: {
    params: noParams,
    query: noQuery,
    body: builds.createBuildBody,
    answer: builds.buildDetailsAnswer,
  },
  listBuilds: {
    params: noParams,
    query: builds.listBuildsQuery,
    body: none,
    answer: z.array(builds.listedBuildAnswer),
  },
  getBuild: { params: buildParams, query: noQuery, body: none, answer: builds.buildDetailsAnswer },
  updateBuild: {
    params: buildParams,
    query: noQuery,
    body: builds.updateBuildBody,
    answer: builds.buildDetailsAnswer,
  },
  deleteBuild: { params: buildParams, query: noQuery, body: none, answer: none },

  forkBuild: {
    params: buildParams,
    query: noQuery,
    body: builds.forkBuildBody,
    answer: builds.buildDetailsAnswer,
  },
  letBranchGo: { params: builds.branchParams, query: noQuery, body: none, answer: none },
  getTree: { params: buildParams, query: builds.treeQuery, body: none, answer: builds.treeAnswer },

  recordState: {
    params: buildParams,
    query: noQuery,
    body: reports.recordStateBody,
    answer: reports.reportAnswer,
  },
  recordStates: {
    params: buildParams,
    query: reports.recordStatesQuery,
    body: reports.recordStatesBody,
    answer: reports.recordStatesAnswer,
  },
  rejectReport: {
    params: buildParams,
    query: noQuery,
    body: reports.rejectReportBody,
    answer: reports.rejectReportAnswer,
  },
  getBuildState: { params: buildParams, query: noQuery, body: none, answer: reports.buildStateAnswer },
  listAttempts: {
    params: buildParams,
    query: builds.listAttemptsQuery,
    body: none,
    answer: z.array(builds.attemptAnswer),
  },
  recordFailure: {
    params: buildParams,
    query: noQuery,
    body: reports.recordFailureBody,
    answer: reports.reportAnswer,
  },
  listFailures: {
    params: buildParams,
    query: builds.listFailuresQuery,
    body: none,
    answer: z.array(reports.failureAnswer),
  },
  retryBuild: {
    params: buildParams,
    query: noQuery,
    body: reports.retryBody.optional(),
    answer: builds.buildDetailsAnswer,
  },
  rollbackBuild: {
    params: buildParams,
    query: noQuery,
    body: reports.rollbackBody.optional(),
    answer: builds.buildDetailsAnswer,
  },
  cancelBuild: {
    params: buildParams,
    query: noQuery,
    body: reports.cancelBody.optional(),
    answer: builds.buildDetailsAnswer,
  },
  listEvents: {
    params: buildParams,
    query: events.listEventsQuery,
    body: none,
    answer: z.array(events.eventAnswer),
  },
  verifyEvents: {
    params: buildParams,
    query: events.verifyEventsQuery,
    body: none,
    answer: events.verifiedEventsAnswer,
  },
  listAllEvents: {
    params: noParams,
    query: events.listAllEventsQuery,
    body: none,
    answer: z.array(events.streamedEventAnswer),
  },

  acquireLease: {
    params: buildParams,
    query: noQuery,
    body: reports.acquireLeaseBody,
    answer: builds.leaseAnswer,
  },
  renewLease: {
    params: buildParams,
    query: noQuery,
    body: reports.renewLeaseBody,
    answer: builds.leaseAnswer,
  },
  releaseLease: { params: buildParams, query: reports.releaseLeaseQuery, body: none, answer: none },
  claimBuild: { params: noParams, query: noQuery, body: claims.claimBody, answer: claims.claimAnswer },

  registerArtifact: {
    params: buildParams,
    query: noQuery,
    body: artifacts.registerArtifactBody,
    answer: artifacts.registeredArtifactAnswer,
  },
  listArtifacts: {
    params: buildParams,
    query: artifacts.listArtifactsQuery,
    body: none,
    answer: z.array(artifacts.artifactAnswer),
  },
  getArtifact: {
    params: artifacts.artifactParams,
    query: noQuery,
    body: none,
    answer: artifacts.artifactAnswer,
  },
  updateArtifact: {
    params: artifacts.artifactParams,
    query: noQuery,
    body: artifacts.updateArtifactBody,
    answer: artifacts.artifactAnswer,
  },
  deleteArtifact: { params: artifacts.artifactParams, query: noQuery, body: none, answer: none },
  verifyArtifact: {
    params: artifacts.artifactParams,
    query: noQuery,
    body: artifacts.verifyArtifactBody.optional(),
    answer: artifacts.registeredArtifactAnswer,
  },

  promoteArtifact: {
    params: artifacts.artifactParams,
    query: noQuery,
    body: artifacts.promoteArtifactBody.optional(),
    answer: artifacts.artifactAnswer,
  },
  pinArtifact: {
    params: artifacts.artifactParams,
    query: noQuery,
    body: none,
    answer: artifacts.artifactAnswer,
  },
  unpinArtifact: { params: artifacts.artifactParams, query: noQuery, body: none, answer: none },
  getLineage: {
    params: artifacts.artifactParams,
    query: artifacts.lineageQuery,
    body: none,
    answer: artifacts.lineageAnswer,
  },
  searchArtifacts: {
    params: noParams,
    query: artifacts.searchArtifactsQuery,
    body: none,
    answer: z.array(artifacts.foundArtifactAnswer),
  },

  ...figureSchemas,

  setVariable: {
    params: buildParams,
    query: noQuery,
    body: variables.setVariableBody,
    answer: variables.variableAnswer,
  },
  listVariables: {
    params: buildParams,
    query: variables.listVariablesQuery,
    body: none,
    answer: z.array(variables.variableAnswer),
  },
  getVariableDict: {
    params: buildParams,
    query: noQuery,
    body: none,
    answer: z.record(z.string(), z.string()),
  },
  getVariable: {
    params: variables.variableParams,
    query: noQuery,
    body: none,
    answer: variables.variableAnswer,
  },
  updateVariable: {
    params: variables.variableParams,
    query: noQuery,
    body: variables.updateVariableBody,
    answer: variables.variableAnswer,
  },
  deleteVariable: { params: variables.variableParams, query: noQuery, body: none, answer: none },

  getResumeContext: {
    params: buildParams,
    query: resume.resumeContextQuery,
    body: none,
    answer: resume.resumeContextAnswer,
  },
  requestResume: {
    params: buildParams,
    query: noQuery,
    body: resume.requestResumeBody.optional(),
    answer: resume.requestedResumeAnswer,
  },
  bulkResume: {
    params: noParams,
    query: noQuery,
    body: resume.bulkResumeBody,
    answer: resume.bulkResumeAnswer,
  },
  listResumeRequests: {
    params: buildParams,
    query: shortPageQuery,
    body: none,
    answer: z.array(resume.resumeRequestAnswer),
  },
  getResumeRequest: {
    params: resume.resumeRequestParams,
    query: noQuery,
    body: none,
    answer: resume.resumeRequestAnswer,
  },
  updateResumeRequest: {
    params: resume.resumeRequestParams,
    query: noQuery,
    body: resume.updateResumeRequestBody,
    answer: resume.resumeRequestAnswer,
  },

  linkJob: { params: buildParams, query: noQuery, body: jobs.linkJobBody, answer: jobs.jobAnswer },
  listJobs: { params: buildParams, query: shortPageQuery, body: none, answer: z.array(jobs.jobAnswer) },
  updateJob: { params: jobs.jobParams, query: noQuery, body: jobs.updateJobBody, answer: jobs.jobAnswer },

  getCaller: { params: noParams, query: noQuery, body: none, answer: access.callerAnswer },
  createToken: {
    params: access.userParams,
    query: noQuery,
    body: access.createTokenBody,
    answer: access.createdTokenAnswer,
  },
  listTokens: {
    params: access.userParams,
    query: shortPageQuery,
    body: none,
    answer: z.array(access.tokenAnswer),
  },
  revokeToken: { params: access.tokenParams, query: noQuery, body: none, answer: none },
  eraseUser: {
    params: access.userParams,
    query: noQuery,
    body: access.eraseUserBody,
    answer: access.erasureAnswer,
  },
} as const satisfies Record<OperationName, Schemas>;

type SchemasOf<K extends OperationName> = (typeof schemas)[K];

/** What a caller passes to an operation, with TypeScript's names. */
export interface OperationInput<K extends OperationName> {
  /** What stands in the path. */
  readonly params: Camelized<z.input<SchemasOf<K>['params']>>;
  /** What stands behind the question mark. */
  readonly query: Camelized<z.input<SchemasOf<K>['query']>>;
  /** What is sent. */
  readonly body: Camelized<z.input<SchemasOf<K>['body']>>;
}

/** What reaches the tracker: checked, defaults and coercions applied, with TypeScript's names. */
export interface CheckedInput<K extends OperationName> {
  /** What stands in the path. */
  readonly params: Camelized<z.output<SchemasOf<K>['params']>>;
  /** What stands behind the question mark. */
  readonly query: Camelized<z.output<SchemasOf<K>['query']>>;
  /** What is sent. */
  readonly body: Camelized<z.output<SchemasOf<K>['body']>>;
}

/** What an operation answers, with TypeScript's names. */
export type OperationAnswer<K extends OperationName> = Camelized<z.output<SchemasOf<K>['answer']>>;
