import type { OperationAnswer } from '@buildstate/core';
import type { BodyOf, CallOptions } from './call.ts';
import type { Operations } from './operations.ts';

/** A retry policy of a state, or of a project (`stateCode` is then `null`). */
export type RetryPolicyRecord = OperationAnswer<'putRetryPolicy'>;

/** How failed states are tried again. */
export interface RetryPoliciesApi {
  /** The policies that a project has set. */
  list(project: string, options?: CallOptions): Promise<readonly RetryPolicyRecord[]>;
  /** The policy that holds for a state, or with `default` for those without one. */
  get(project: string, state: number | 'default', options?: CallOptions): Promise<RetryPolicyRecord>;
  /** Sets the policy of a state, or the project's own with `default`. */
  put(
    project: string,
    state: number | 'default',
    policy: BodyOf<'putRetryPolicy'>,
    options?: CallOptions,
  ): Promise<RetryPolicyRecord>;
}

/** The facade's part for retry policies. */
export function retryPoliciesApi({ call, list }: Operations): RetryPoliciesApi {
  return {
    list: (projectId, options) => list('listRetryPolicies', { projectId }, {}, options).all(),
    get: (projectId, state, options) =>
      call('getRetryPolicy', { params: { projectId, stateCode: String(state) } }, options),
    put: (projectId, state, body, options) =>
      call('putRetryPolicy', { params: { projectId, stateCode: String(state) }, body }, options),
  };
}
