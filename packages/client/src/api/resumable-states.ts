import type { OperationAnswer } from '@buildstate/core';
import type { BodyOf, CallOptions } from './call.ts';
import type { Operations } from './operations.ts';

/** How a state of a project is resumed. */
export type ResumableStateRecord = OperationAnswer<'getResumableState'>;

/** Which states of a project can be resumed, and how. */
export interface ResumableStatesApi {
  /** All that a project has configured, ascending. */
  list(project: string, options?: CallOptions): Promise<readonly ResumableStateRecord[]>;
  /** One state's configuration. @throws NotFoundError */
  get(project: string, state: number, options?: CallOptions): Promise<ResumableStateRecord>;
  /** Configures a state. @throws AlreadyExistsError */
  create(
    project: string,
    entry: BodyOf<'createResumableState'>,
    options?: CallOptions,
  ): Promise<ResumableStateRecord>;
  /** Adds or changes a state's configuration. */
  put(
    project: string,
    state: number,
    entry: BodyOf<'putResumableState'>,
    options?: CallOptions,
  ): Promise<ResumableStateRecord>;
  /** Removes a state's configuration. */
  delete(project: string, state: number, options?: CallOptions): Promise<void>;
}

/** The facade's part for resumable states. */
export function resumableStatesApi({ call, list }: Operations): ResumableStatesApi {
  const params = (projectId: string, state: number) => ({ projectId, stateCode: String(state) });
  return {
    list: (projectId, options) => list('listResumableStates', { projectId }, {}, options).all(),
    get: (project, state, options) => call('getResumableState', { params: params(project, state) }, options),
    create: (projectId, body, options) =>
      call('createResumableState', { params: { projectId }, body }, options),
    put: (project, state, body, options) =>
      call('putResumableState', { params: params(project, state), body }, options),
    delete: (project, state, options) =>
      call('deleteResumableState', { params: params(project, state) }, options),
  };
}
