import type { OperationAnswer } from '@buildstate/core';
import type { BodyOf, CallOptions } from './call.ts';
import type { Operations } from './operations.ts';

/** How long histories of a project's builds are kept, in days. */
export type RetentionRecord = OperationAnswer<'getRetention'>;

/** How long histories of a project's builds are kept. */
export interface RetentionApi {
  /** What holds for a project. */
  get(project: string, options?: CallOptions): Promise<RetentionRecord>;
  /** Sets it; what is left out stays as it is. */
  set(project: string, retention: BodyOf<'putRetention'>, options?: CallOptions): Promise<RetentionRecord>;
  /** Removes what the project says of its own, so that what the store keeps holds for it. */
  unset(project: string, options?: CallOptions): Promise<void>;
}

/** The facade's part for retention. */
export function retentionApi({ call }: Operations): RetentionApi {
  return {
    get: (projectId, options) => call('getRetention', { params: { projectId } }, options),
    set: (projectId, body, options) => call('putRetention', { params: { projectId }, body }, options),
    async unset(projectId, options) {
      await call('deleteRetention', { params: { projectId } }, options);
    },
  };
}
