import type { OperationAnswer } from '@buildstate/core';
import type { BodyOf, CallOptions } from './call.ts';
import type { Operations } from './operations.ts';

/** An entry of a project's catalogue. */
export type StateCodeRecord = OperationAnswer<'getStateCode'>;

/** Catalogues: what the states of a project are called. */
export interface StateCodesApi {
  /** The whole catalogue, ascending. */
  list(project: string, options?: CallOptions): Promise<readonly StateCodeRecord[]>;
  /** One entry. @throws NotFoundError */
  get(project: string, state: number, options?: CallOptions): Promise<StateCodeRecord>;
  /** Adds an entry. @throws AlreadyExistsError */
  create(project: string, entry: BodyOf<'createStateCode'>, options?: CallOptions): Promise<StateCodeRecord>;
  /** Adds or changes an entry. */
  put(
    project: string,
    state: number,
    entry: BodyOf<'putStateCode'>,
    options?: CallOptions,
  ): Promise<StateCodeRecord>;
  /** Deprecates an entry; it is never removed. */
  deprecate(project: string, state: number, options?: CallOptions): Promise<void>;
}

/** The facade's part for catalogues. */
export function stateCodesApi({ call, list }: Operations): StateCodesApi {
  const params = (projectId: string, state: number) => ({ projectId, stateCode: String(state) });
  return {
    list: (projectId, options) => list('listStateCodes', { projectId }, {}, options).all(),
    get: (project, state, options) => call('getStateCode', { params: params(project, state) }, options),
    create: (projectId, body, options) => call('createStateCode', { params: { projectId }, body }, options),
    put: (project, state, body, options) =>
      call('putStateCode', { params: params(project, state), body }, options),
    deprecate: (project, state, options) =>
      call('deprecateStateCode', { params: params(project, state) }, options),
  };
}
