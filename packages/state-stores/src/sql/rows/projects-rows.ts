import type {
  FailurePattern,
  Project,
  ProjectRetryPolicy,
  ResumableState,
  StateCode,
} from '@buildstate/core';
import { recordTable } from '../record-table.ts';

/** A project without its lists, which have tables of their own. */
export type StoredProject = Omit<
  Project,
  'stateCodes' | 'retryPolicies' | 'resumableStates' | 'failurePatterns'
>;

/** An entry of one of a project's lists. */
export interface OfProject {
  /** UUID of the project. */
  readonly projectId: string;
}

/** Projects in `projects`. */
export const projects = recordTable<StoredProject>('projects', {
  id: 'text',
  name: 'text',
  description: 'text',
  parentProjectId: 'text',
  artifactBase: 'text',
  settings: 'json',
  retention: 'structure',
  revision: 'integer',
  createdAt: 'time',
  updatedAt: 'time',
  deactivatedAt: 'time',
});

/** Catalogues in `state_codes`. */
export const stateCodes = recordTable<StateCode & OfProject>('state_codes', {
  id: 'text',
  projectId: 'text',
  stateCode: 'integer',
  name: 'text',
  aliases: 'json',
  displayName: 'text',
  description: 'text',
  prerequisites: 'json',
  expectedDurationSeconds: 'real',
  isInitial: 'flag',
  isFinal: 'flag',
  isError: 'flag',
  deprecatedAt: 'time',
  createdAt: 'time',
});

/** Retry policies in `retry_policies`. */
export const retryPolicies = recordTable<ProjectRetryPolicy & OfProject>('retry_policies', {
  projectId: 'text',
  stateCode: 'integer',
  policy: 'structure',
});

/** Where builds can be resumed, in `resumable_states`. */
export const resumableStates = recordTable<ResumableState>('resumable_states', {
  id: 'text',
  projectId: 'text',
  stateCode: 'integer',
  isResumable: 'flag',
  resumeStrategy: 'text',
  requiredArtifacts: 'json',
  requiredVariables: 'json',
  resumeCommand: 'text',
  resumeTimeoutSeconds: 'real',
  description: 'text',
  notes: 'text',
  createdAt: 'time',
  updatedAt: 'time',
});

/** Projects' own classification of failures in `failure_patterns`. */
export const failurePatterns = recordTable<FailurePattern & OfProject>('failure_patterns', {
  projectId: 'text',
  pattern: 'text',
  category: 'text',
});
