import type { OperationAnswer } from '@buildstate/core';
import type { BodyOf, CallOptions, Paging, QueryOf } from './call.ts';
import type { Operations } from './operations.ts';

/** A variable; of a sensitive one the value is there only when it was asked for by key. */
export type VariableRecord = OperationAnswer<'getVariable'>;

/** Values that a resumed build needs. */
export interface VariablesApi {
  /** Sets a variable; an existing one is replaced. Never spooled, so that no value lies on a disk in the clear. */
  set(build: string, variable: BodyOf<'setVariable'>, options?: CallOptions): Promise<VariableRecord>;
  /** All variables; sensitive values are left out. */
  list(
    build: string,
    query?: Omit<QueryOf<'listVariables'>, Paging>,
    options?: CallOptions,
  ): Promise<readonly VariableRecord[]>;
  /** All values that are not sensitive, by key. */
  dict(build: string, options?: CallOptions): Promise<Readonly<Record<string, string>>>;
  /** One variable; a sensitive value needs the write scope. @throws NotFoundError */
  get(build: string, key: string, options?: CallOptions): Promise<VariableRecord>;
  /** Changes a variable. @throws NotFoundError */
  update(
    build: string,
    key: string,
    changes: BodyOf<'updateVariable'>,
    options?: CallOptions,
  ): Promise<VariableRecord>;
  /** Deletes a variable. @throws NotFoundError */
  delete(build: string, key: string, options?: CallOptions): Promise<void>;
}

/** The facade's part for variables. */
export function variablesApi({ call, list }: Operations): VariablesApi {
  const one = (buildId: string, variableKey: string) => ({ buildId, variableKey });
  return {
    set: (buildId, body, options) => call('setVariable', { params: { buildId }, body }, options),
    list: (buildId, query = {}, options) => list('listVariables', { buildId }, query, options).all(),
    dict: (buildId, options) => call('getVariableDict', { params: { buildId } }, options),
    get: (build, key, options) => call('getVariable', { params: one(build, key) }, options),
    update: (build, key, body, options) => call('updateVariable', { params: one(build, key), body }, options),
    delete: (build, key, options) => call('deleteVariable', { params: one(build, key) }, options),
  };
}
