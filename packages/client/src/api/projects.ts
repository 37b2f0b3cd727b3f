import type { OperationAnswer } from '@buildstate/core';
import type { BodyOf, CallOptions, Paging, QueryOf } from './call.ts';
import type { Listing } from './listing.ts';
import type { Operations } from './operations.ts';

/** A project as it is answered. */
export type ProjectRecord = OperationAnswer<'getProject'>;

/** Families of images. A project is named by its id or its name. */
export interface ProjectsApi {
  /** Creates a project. @throws AlreadyExistsError for a taken name */
  create(project: BodyOf<'createProject'>, options?: CallOptions): Promise<ProjectRecord>;
  /** All projects. */
  list(query?: Omit<QueryOf<'listProjects'>, Paging>, options?: CallOptions): Listing<ProjectRecord>;
  /** One project. @throws NotFoundError */
  get(project: string, options?: CallOptions): Promise<ProjectRecord>;
  /** Changes a project; what is left out stays. @throws NotFoundError */
  update(project: string, changes: BodyOf<'updateProject'>, options?: CallOptions): Promise<ProjectRecord>;
  /** Deactivates a project; its builds stay. @throws NotFoundError */
  delete(project: string, options?: CallOptions): Promise<void>;
}

/** The facade's part for projects. */
export function projectsApi({ call, list }: Operations): ProjectsApi {
  return {
    create: (body, options) => call('createProject', { body }, options),
    list: (query = {}, options) => list('listProjects', {}, query, options),
    get: (project, options) => call('getProject', { params: { projectId: project } }, options),
    update: (project, body, options) =>
      call('updateProject', { params: { projectId: project }, body }, options),
    delete: (project, options) => call('deleteProject', { params: { projectId: project } }, options),
  };
}
